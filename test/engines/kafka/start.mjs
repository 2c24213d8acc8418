// Runs a broker until Ctrl-C, for manual tests: `node test/engines/kafka/start.mjs [--secured]`.
import { startKafka } from './start-kafka.mjs';

const kafka = await startKafka({ secured: process.argv.includes('--secured') });
process.stdout.write(`KAFKA_BROKERS=${kafka.brokers}\n`);
if (kafka.secured !== undefined) {
  process.stdout.write(`secured: KAFKA_BROKERS=${kafka.secured.brokers} KAFKA_TLS_CA_FILE=${kafka.secured.ca}\n`);
}
const stop = () => void kafka.stop();
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
