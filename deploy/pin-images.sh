#!/bin/sh
# Pins the images in Dockerfile and compose.yaml to the digests that their tags have now. Needs Docker and the registry.
# Run it after a tag was changed; then commit the result.
set -eu
cd "$(dirname "$0")"

for file in Dockerfile compose.yaml; do
  for image in $(grep -oE 'docker\.io/[a-z0-9/._-]+:[A-Za-z0-9._-]+' "$file" | sort -u); do
    digest="$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$image")"
    sed -i.before -E "s#$image(@sha256:[0-9a-f]{64})?#$image@$digest#" "$file"
    echo "$file: $image@$digest"
  done
  rm -f "$file.before"
done
