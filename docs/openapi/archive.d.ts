export interface paths {
    "/qa2-results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List QA2 results, newest first */
        get: operations["Qa2ResultsController_list"];
        put?: never;
        /** Post a QA2 result */
        post: operations["Qa2ResultsController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/qa2-results/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the state of a QA2 result, with its history and the report of the delivery standard */
        get: operations["Qa2ResultsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the projects, sorted by code */
        get: operations["ProjectsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a project: its science goals, groups and members with their states */
        get: operations["ProjectsController_project"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{code}/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the metadata of a project; names of people only if they may be shown, or to the project itself */
        get: operations["MetadataController_get"];
        /** Record a new revision of the metadata of a project */
        put: operations["MetadataController_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{code}/metadata/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what was sent as the metadata of a project, newest first */
        get: operations["MetadataController_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ous/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a GroupOUS or MemberOUS with its hierarchy and state */
        get: operations["OusController_ous"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ous/{uid}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the deliveries of an ObsUnitSet, newest revision first */
        get: operations["OusController_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a delivery with its parts */
        get: operations["DeliveriesController_delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the report of the delivery standard about a delivery */
        get: operations["DeliveriesController_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the files in the parts of a delivery, sorted by path */
        get: operations["DeliveriesController_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}/parts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download a tar part, byte for byte as it was posted; GET and HEAD, with ranges */
        get: operations["DownloadsController_part"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}/parts/{name}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a direct URL of a part: presigned by the object store if possible, otherwise a path */
        get: operations["DownloadsController_link"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}/download.sh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a POSIX shell script that downloads the parts, resumes, and verifies */
        get: operations["DownloadsController_script"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download a file from a part, without the tar; GET and HEAD, with ranges */
        get: operations["DownloadsController_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dataPortal/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download a tar part, or a file from one, of a current delivery by its name or path; GET and HEAD, with ranges */
        get: operations["DataPortalController_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a link to a delivery, for example when a mail is lost or its link has expired */
        post: operations["LinksController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a link; the link in a mail has the id of the mail */
        delete: operations["LinksController_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/scrubs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List scrubs, newest first */
        get: operations["ScrubsController_list"];
        put?: never;
        /** Read every stored object and verify it against the SHA-256 in the catalogue */
        post: operations["ScrubsController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/scrubs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the progress of a scrub, and a page of its findings */
        get: operations["ScrubsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List reconciliations, newest first */
        get: operations["ReconciliationsController_list"];
        put?: never;
        /** Compare the catalogue with the object store; optionally delete orphans and recover lost parts */
        post: operations["ReconciliationsController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/reconciliations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the progress of a reconciliation, and a page of its findings and repairs */
        get: operations["ReconciliationsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/rebuilds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List rebuilds, newest first */
        get: operations["RebuildsController_list"];
        put?: never;
        /** Rebuild an empty catalogue from the manifests in the object store */
        post: operations["RebuildsController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/rebuilds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the progress of a rebuild, and a page of the manifests that it could not use */
        get: operations["RebuildsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List dead letters, the messages that services could not handle, newest first */
        get: operations["DeadLettersController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a dead letter with its message */
        get: operations["DeadLettersController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/dead-letters/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replay a dead letter: send its message to its service again; a second replay has no effect */
        post: operations["DeadLettersController_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/dead-letters/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Discard a dead letter; it is kept, but no longer waits for an operator */
        post: operations["DeadLettersController_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List mails, newest first */
        get: operations["MailsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mails/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a mail with its text and its HTML */
        get: operations["MailsController_mail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mails/bounces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record that a mail bounced, from the report of a mail server */
        post: operations["BouncesController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ous/{uid}/asdms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the raw ASDMs of a MemberOUS, used and additional */
        get: operations["AsdmsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/raw-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List requests for raw data, newest first */
        get: operations["RawRequestsController_list"];
        put?: never;
        /** Request the staging of raw ASDMs of a MemberOUS */
        post: operations["RawRequestsController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/raw-requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the state of a request for raw data, with each ASDM */
        get: operations["RawRequestsController_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/raw-requests/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retry the ASDMs of a request that could not be staged */
        post: operations["RawRequestsController_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/raw-requests/{id}/files/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download a staged ASDM; GET and HEAD, with ranges */
        get: operations["RawRequestsController_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/raw-requests/{id}/download.sh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a POSIX shell script that downloads the staged ASDMs, resumes, and verifies */
        get: operations["RawRequestsController_script"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Run an ADQL query (TAP 1.1): QUERY, LANG, RESPONSEFORMAT, MAXREC */
        get: operations["TapController_get"];
        put?: never;
        /** Run an ADQL query (TAP 1.1), with the parameters in a form */
        post: operations["TapController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your asynchronous queries (UWS 1.1): PHASE, AFTER, LAST; none without a token */
        get: operations["JobListController_list"];
        put?: never;
        /** Create an asynchronous query (TAP 1.1): parameters as of /tap/sync; PHASE=RUN queues it */
        post: operations["JobListController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an asynchronous query (UWS 1.1); WAIT=seconds answers when its phase changes, PHASE says from which */
        get: operations["JobController_get"];
        put?: never;
        /** Delete an asynchronous query with ACTION=DELETE (UWS 1.1) */
        post: operations["JobController_post"];
        /** Delete an asynchronous query and its result (UWS 1.1) */
        delete: operations["JobController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async/{id}/phase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the phase of an asynchronous query */
        get: operations["JobController_phase"];
        put?: never;
        /** Start an asynchronous query with PHASE=RUN, or abort it with PHASE=ABORT */
        post: operations["JobController_setPhase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async/{id}/parameters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the parameters of an asynchronous query */
        get: operations["JobController_parameters"];
        put?: never;
        /** Replace parameters of an asynchronous query that has not been started */
        post: operations["JobController_setParameters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async/{id}/executionduration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get how long an asynchronous query may run */
        get: operations["JobController_duration"];
        put?: never;
        /** Set how long an asynchronous query may run, in seconds, up to the limit of the archive */
        post: operations["JobController_setDuration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async/{id}/destruction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get when the result of an asynchronous query is deleted */
        get: operations["JobController_destruction"];
        put?: never;
        /** Set when the result of an asynchronous query is deleted, up to the limit of the archive */
        post: operations["JobController_setDestruction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async/{id}/quote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get when an asynchronous query ends at the latest */
        get: operations["JobController_quote"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async/{id}/owner": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the owner of an asynchronous query */
        get: operations["JobController_owner"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the results of an asynchronous query */
        get: operations["JobController_results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async/{id}/results/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download the result of an asynchronous query; GET and HEAD, with ranges */
        get: operations["JobController_result"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/async/{id}/error": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get why an asynchronous query failed */
        get: operations["JobController_error"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the TAP service supports (VOSI 1.1, TAPRegExt 1.0) */
        get: operations["VosiController_capabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the TAP service is available (VOSI 1.1) */
        get: operations["VosiController_availability"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tables that queries can name (VOSI 1.1); `detail=min` leaves out their columns */
        get: operations["VosiController_tables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/tables/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The columns of one table (VOSI 1.1) */
        get: operations["VosiController_table"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tap/examples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Examples of queries, for people and programs (DALI 1.1) */
        get: operations["VosiController_examples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sia2/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find images (SIA 2.0): POS, BAND, TIME, POL and more, each as often as needed; MAXREC */
        get: operations["SiaController_get"];
        put?: never;
        /** Find images (SIA 2.0), with the parameters in a form */
        post: operations["SiaController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sia2/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the SIA service supports (VOSI 1.1) */
        get: operations["SiaController_capabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sia2/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the SIA service is available (VOSI 1.1) */
        get: operations["SiaController_available"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scs/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find observations around a position (SCS 1.03): RA, DEC, SR, VERB, MAXREC */
        get: operations["ConeController_get"];
        put?: never;
        /** Find observations around a position (SCS 1.03), with the parameters in a form */
        post: operations["ConeController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scs/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the cone search supports (VOSI 1.1) */
        get: operations["ConeController_capabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scs/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the cone search is available (VOSI 1.1) */
        get: operations["ConeController_available"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/moc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The part of the sky that is observed, as a coverage map (MOC 2.0) of order 10 */
        get: operations["CoverageController_map"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oai": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The publishing registry (OAI-PMH 2.0; Registry Interfaces 1.1): verb, metadataPrefix, ... */
        get: operations["RegistryController_get"];
        put?: never;
        /** The publishing registry (OAI-PMH 2.0), with the arguments in a form */
        post: operations["RegistryController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/registry/{record}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A record of the archive in registries (VOResource 1.1) */
        get: operations["RegistryController_record"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/datalink/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the links of IDs (DataLink 1.1): ID, as often as needed; RESPONSEFORMAT, MAXREC */
        get: operations["LinksController_get"];
        put?: never;
        /** Get the links of IDs (DataLink 1.1), with the parameters in a form */
        post: operations["LinksController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/datalink/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the DataLink service supports (VOSI 1.1) */
        get: operations["LinksController_capabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/datalink/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the DataLink service is available (VOSI 1.1) */
        get: operations["LinksController_available"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/soda/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cut a part out of an image (SODA 1.0): ID, POS, CIRCLE, POLYGON, BAND, POL */
        get: operations["SodaController_get"];
        put?: never;
        /** Cut a part out of an image (SODA 1.0), with the parameters in a form */
        post: operations["SodaController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/soda/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the SODA service supports (VOSI 1.1) */
        get: operations["SodaController_capabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/soda/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the SODA service is available (VOSI 1.1) */
        get: operations["SodaController_available"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was added, replaced, withdrawn and released, in this order, each once, as JSON Lines
         * @description `Link` with `rel="next"` is the URL of the changes after these: follow it for ever.
         */
        get: operations["ChangesController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/search-rebuilds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fill the tables of search again from the catalogue, while queries run */
        post: operations["RebuildController_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upkeep/search-rebuilds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the progress of a rebuild of search */
        get: operations["RebuildController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/almagest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download the command `almagest`: one file that needs nothing but Node; GET and HEAD, public */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The program, with its SHA-256 in `Repr-Digest` */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description The client has the current content */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The archive was built without it */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/almagest.sha256": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the SHA-256 of the command `almagest`, in the form that `sha256sum -c` reads */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A line: the SHA-256 in hexadecimal, two blanks, `almagest` */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description The client has the current content */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The archive was built without it */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Qa2Result: {
            project: components["schemas"]["ProjectCode"];
            /** @enum {string} */
            level: "member" | "group";
            scienceGoal: components["schemas"]["Uid"];
            group: {
                uid: components["schemas"]["Uid"];
                members: {
                    uid: components["schemas"]["Uid"];
                    /** @enum {string} */
                    array: "12m" | "7m" | "TP" | "TP-calibration";
                    schedulingBlock?: {
                        uid: components["schemas"]["Uid"];
                        name: string;
                    };
                }[];
            };
            /** @description The MemberOUS; required at level `member`, absent at `group` */
            member?: components["schemas"]["Uid"];
            revision: number;
            /** @enum {string} */
            outcome: "PASS" | "SEMIPASS" | "FAIL";
            /** @description Why QA2 failed, in words for the PI; the mail about a withdrawn delivery quotes it */
            reason?: string;
            /** Format: date-time */
            decidedAt: string & (string);
            executionBlocks: {
                uid: components["schemas"]["Uid"];
                /**
                 * @description `used` in the imaging and QA2 assessment, or `additional`: observed but not used (§3, item 7)
                 * @enum {string}
                 */
                use: "used" | "additional";
                asdm: {
                    size: number;
                    location: string;
                };
                observation?: {
                    /**
                     * Format: date-time
                     * @description When the observation began
                     */
                    start?: string & (string);
                    /** @description Exposure on the science target, seconds */
                    exposure?: number;
                    /** @description Precipitable water vapour, mm */
                    pwv?: number;
                    /** @description Each antenna with its pad, such as `A109:DV01` */
                    antennas?: string[];
                };
            }[];
            /** @description Further MemberOUSs of the project that the same files serve, as in Cycle 0: the delivery is stored once and catalogued under each, with the same revision and outcome. Only for a MemberOUS that is delivered */
            alsoServes?: {
                scienceGoal: components["schemas"]["Uid"];
                group: {
                    uid: components["schemas"]["Uid"];
                    members: {
                        uid: components["schemas"]["Uid"];
                        /** @enum {string} */
                        array: "12m" | "7m" | "TP" | "TP-calibration";
                        schedulingBlock?: {
                            uid: components["schemas"]["Uid"];
                            name: string;
                        };
                    }[];
                };
                member: components["schemas"]["Uid"];
                executionBlocks: {
                    uid: components["schemas"]["Uid"];
                    /**
                     * @description `used` in the imaging and QA2 assessment, or `additional`: observed but not used (§3, item 7)
                     * @enum {string}
                     */
                    use: "used" | "additional";
                    asdm: {
                        size: number;
                        location: string;
                    };
                    observation?: {
                        /**
                         * Format: date-time
                         * @description When the observation began
                         */
                        start?: string & (string);
                        /** @description Exposure on the science target, seconds */
                        exposure?: number;
                        /** @description Precipitable water vapour, mm */
                        pwv?: number;
                        /** @description Each antenna with its pad, such as `A109:DV01` */
                        antennas?: string[];
                    };
                }[];
            }[];
            /** @description The tar parts of the delivery */
            parts?: {
                name: string;
                location: string;
                size: number;
                sha256: string;
            }[];
            /** @description Instead of `parts`: the directory that holds the unpacked `<project>/`; the archive packs it into parts */
            tree?: {
                location: string;
            };
            recipients: {
                /** @enum {string} */
                role: "pi" | "delegee";
                name: string;
                /** Format: email */
                email: string;
            }[];
            /** @description When the data become public; null: they stay proprietary */
            releaseDate: (string & (string)) | null;
            metadata?: components["schemas"]["ProjectMetadata"];
        };
        ProjectCode: string;
        /** @example uid://A001/X12b/X239 */
        Uid: string;
        ProjectMetadata: {
            /** @description Increases with each change of the metadata of the project */
            revision: number;
            title?: string;
            abstract?: string;
            scienceKeywords?: string[];
            scienceCategory?: string;
            scienceGoals?: {
                /** @description The science goal */
                uid: components["schemas"]["Uid"];
                /** @description The requested sensitivity, mJy/beam */
                sensitivity: number;
                /** @description The bandwidth that it refers to, Hz */
                bandwidth?: number;
            }[];
            /** @description Replaces, value by value, what the QA2 results state about these execution blocks */
            executionBlocks?: {
                uid: components["schemas"]["Uid"];
                /**
                 * Format: date-time
                 * @description When the observation began
                 */
                start?: string & (string);
                /** @description Exposure on the science target, seconds */
                exposure?: number;
                /** @description Precipitable water vapour, mm */
                pwv?: number;
                /** @description Each antenna with its pad, such as `A109:DV01` */
                antennas?: string[];
            }[];
            publications?: {
                bibcode: string;
                title?: string;
                authors?: string[];
                year?: number;
                abstract?: string;
            }[];
            /** @description The principal investigator */
            pi?: {
                name: string;
                userId?: string;
            };
            coInvestigators?: string[];
            /**
             * @description Whether the names of the PI and the co-investigators may be shown to everyone
             * @default false
             */
            showNames: boolean;
        };
        Qa2ResultStatus: {
            /** Format: uuid */
            id: string;
            project: components["schemas"]["ProjectCode"];
            group: components["schemas"]["Uid"];
            ous: components["schemas"]["Uid"];
            /** @enum {string} */
            level: "member" | "group";
            revision: number;
            /**
             * @description Further MemberOUSs that the same delivery serves
             * @default []
             */
            alsoServes: components["schemas"]["Uid"][];
            /** @enum {string} */
            outcome: "PASS" | "SEMIPASS" | "FAIL";
            /** @enum {string} */
            state: "accepted" | "recorded" | "stored" | "rejected" | "catalogued" | "superseded" | "notified" | "mail-failed" | "withdrawn";
            /** @description The archive has nothing more to do for this result */
            settled: boolean;
            history: {
                /** @enum {string} */
                state: "accepted" | "recorded" | "stored" | "rejected" | "catalogued" | "superseded" | "notified" | "mail-failed" | "withdrawn";
                /** Format: date-time */
                at: string;
                detail: string | null;
            }[];
            /** Delivery report, version 1 */
            report: {
                /** @enum {number} */
                version: 1;
                /**
                 * @description `rejected` when any finding is a `reject`
                 * @enum {string}
                 */
                verdict: "pass" | "rejected";
                /** @enum {string} */
                level: "member" | "group";
                /** @enum {string} */
                mode: "analyst" | "pipeline" | "combination";
                profile: {
                    /** @enum {string} */
                    name: "cycle-2" | "cycle-3-5" | "cycle-6+";
                    /** @enum {string} */
                    chosen: "by files" | "by request";
                    reasons: string[];
                };
                counts: {
                    reject: number;
                    warn: number;
                    note: number;
                };
                findings: {
                    /** @description The rule, such as `script.pi` */
                    code: string;
                    /** @enum {string} */
                    severity: "reject" | "warn" | "note";
                    /** @description Section of the document, such as `§4.2` */
                    section: string;
                    /** @description Path in the delivery or name of a part; null: the whole delivery */
                    file: string | null;
                    message: string;
                    expected: string | null;
                    found: string | null;
                    remedy: string;
                }[];
                /** @description Findings beyond 50 of one rule or 250 in all: counted, not listed */
                omitted: {
                    code: string;
                    count: number;
                }[];
                /** @description Rules that were not checked because parts are missing or cannot be read */
                unchecked: string[];
                /** @description The seven items of §3 */
                items: {
                    item: number;
                    title: string;
                    files: number;
                    bytes: number;
                }[];
                files: number;
                bytes: number;
                facts: {
                    readme: {
                        /** @enum {string} */
                        form: "empty" | "reducer" | "generic" | "free";
                        cycle: string | null;
                        projectCode: string | null;
                        projectTitle: string | null;
                        schedulingBlocks: string[];
                        configuration: string | null;
                        proposedRmsJansky: number | null;
                        proposedBeamArcsec: number | null;
                        casaVersion: string | null;
                        qa2Result: string | null;
                        memberSchedulingBlocks: number | null;
                        achieved: {
                            about: string | null;
                            beam: {
                                majorArcsec: number;
                                minorArcsec: number;
                                positionAngleDeg: number | null;
                            } | null;
                            noise: {
                                janskyPerBeam: number;
                                width: {
                                    value: number;
                                    /** @enum {string} */
                                    unit: "Hz" | "m/s";
                                } | null;
                            } | null;
                        }[];
                        deliveredAgain?: string | null;
                        unfilled?: string[];
                        /** @description Path in the delivery */
                        file: string;
                    } | null;
                    ppr: {
                        projectCode: string | null;
                        memberOus: string | null;
                        schedulingBlock: string | null;
                        procedure: string | null;
                        executionBlocks: string[];
                        sessions: {
                            number: number;
                            executionBlocks: string[];
                        }[];
                        obsProject?: string | null;
                        schedulingBlockStatus?: string | null;
                        relativePath?: string | null;
                        /** @description Path in the delivery */
                        file: string;
                    } | null;
                    scriptForPi?: {
                        revision: string | null;
                        date: string | null;
                        /** @description Path in the delivery */
                        file: string;
                    } | null;
                    packagedOn?: string | null;
                    executionBlocks: string[];
                    qa2Checks: {
                        executionBlock: string | null;
                        check: {
                            about: string | null;
                            beam: {
                                majorArcsec: number;
                                minorArcsec: number;
                                positionAngleDeg: number | null;
                            } | null;
                            noise: {
                                janskyPerBeam: number;
                                width: {
                                    value: number;
                                    /** @enum {string} */
                                    unit: "Hz" | "m/s";
                                } | null;
                            } | null;
                        };
                    }[];
                    qa2Report: {
                        status: string | null;
                        executions: {
                            done: number;
                            expected: number;
                        } | null;
                        images: {
                            name: string;
                            robust: number | null;
                            about: string | null;
                            beam: {
                                majorArcsec: number;
                                minorArcsec: number;
                                positionAngleDeg: number | null;
                            } | null;
                            noise: {
                                janskyPerBeam: number;
                                width: {
                                    value: number;
                                    /** @enum {string} */
                                    unit: "Hz" | "m/s";
                                } | null;
                            } | null;
                        }[];
                        otherMembers: string[];
                        /** @description Path in the delivery */
                        file: string;
                    } | null;
                    calibratorFluxes: {
                        measurementSet: string;
                        field: string;
                        spw: string;
                        jansky: number;
                        spectralIndex: number | null;
                        source?: string | null;
                        intents?: string[];
                    }[];
                    archives: {
                        /** @description Path in the delivery */
                        file: string;
                        files: number;
                        bytes: number;
                        tables: number;
                        flagVersions: boolean;
                    }[];
                    images: {
                        /** @description Path in the delivery */
                        file: string;
                        /** @enum {string} */
                        role: "readme" | "image.pbcor" | "image.pb" | "image.dirty" | "image.moment" | "image.moment0" | "image.pv" | "image.mask" | "image.alpha" | "image.alpha.error" | "image.singledish" | "image" | "image.casa" | "mask.casa" | "mask.archive" | "calibrator.bandpass" | "calibrator.phase" | "calibrator.check" | "calibrator.flux" | "calibrator.polarization" | "calibrator.pb" | "calibrator.mask" | "caltables" | "auxcaltables" | "flagversions" | "caltables+flagversions.analyst" | "calapply" | "auxcalapply" | "flagtemplate" | "flagtargetstemplate" | "flux.csv" | "jyperk.csv" | "antennapos.csv" | "cont.dat" | "auxproducts" | "ephemeris" | "plot" | "plots.archive" | "qa2.page" | "qa2.text" | "qa2.report" | "qa0.report" | "weblog" | "scriptForPI" | "scriptForImaging" | "scriptForImagingPrep" | "scriptForFluxCalibration" | "scriptForPolarization" | "scriptForCalibration" | "pipescript" | "piperestorescript" | "ppr" | "pipeline_manifest" | "product_rename" | "casa_log" | "casa_commands" | "asdm" | "litter" | "unknown";
                        object: string | null;
                        unit: string | null;
                        observed?: string | null;
                        shape: number[];
                        centre: {
                            longitude: number;
                            latitude: number;
                            frame: string;
                        } | null;
                        frequencyHz: {
                            minimum: number;
                            maximum: number;
                            channels: number;
                            frame: string | null;
                        } | null;
                        beam: {
                            majorArcsec: number;
                            minorArcsec: number;
                            positionAngleDeg: number | null;
                        } | null;
                    }[];
                    /** @description Images before primary beam correction */
                    measurements: {
                        /** @description The image: a corrected one, or one that was never corrected */
                        file: string;
                        /** @description The primary beam that it was corrected with; null when it was not corrected */
                        primaryBeam: string | null;
                        result: {
                            unit: string | null;
                            beam: {
                                majorArcsec: number;
                                minorArcsec: number;
                                positionAngleDeg: number | null;
                            } | null;
                            noise: {
                                stokes: string | null;
                                /** @description In the unit of the image */
                                sigma: number;
                                /** @description Inspected and measured */
                                channels: number;
                                channelsUsed: number;
                                /** @description Inspected pixels of a channel that have a value */
                                pixels: number;
                                independentBeams: number | null;
                            }[];
                            /** @description How image and primary beam agree */
                            agreement: {
                                sameShape: boolean;
                                sameSky: boolean | null;
                                /** @description Minimum number of pixels that have a value in the image but not in the primary beam */
                                onlyInImage: number;
                                onlyInBeam: number;
                                beamMinimum: number | null;
                                beamMaximum: number | null;
                            } | null;
                        } | null;
                        /** @description Why it could not be measured */
                        problem: string | null;
                    }[];
                    /** @description What the README states (§4.1); empty when it states nothing */
                    claims: {
                        about: string | null;
                        beam: {
                            majorArcsec: number;
                            minorArcsec: number;
                            positionAngleDeg: number | null;
                        } | null;
                        noise: {
                            janskyPerBeam: number;
                            width: {
                                value: number;
                                /** @enum {string} */
                                unit: "Hz" | "m/s";
                            } | null;
                        } | null;
                        /** @description Null when no measured image can be compared */
                        nearest: {
                            file: string;
                            beamAgrees: boolean | null;
                            noiseAgrees: boolean | null;
                        } | null;
                    }[];
                    disk: {
                        /** @enum {string} */
                        basis: "products and raw data" | "raw data";
                        basisBytes: number;
                        levels: {
                            /** @enum {number} */
                            spaceSaving: 0 | 1 | 2 | 3;
                            bytes: number;
                        }[];
                    } | null;
                    omitted: {
                        executionBlocks: number;
                        qa2Checks: number;
                        calibratorFluxes: number;
                        archives: number;
                        images: number;
                        measurements: number;
                    };
                };
            } | null;
            /** @description Path of the delivery once it is catalogued */
            delivery: string | null;
        };
        Qa2ResultPage: {
            items: components["schemas"]["Qa2ResultStatus"][];
            next: string | null;
        };
        Problem: {
            /** @description `about:blank`, or `urn:almagest:problem:<code>` */
            type: string;
            title: string;
            status: number;
            detail?: string;
            /** @description A stable code for programs */
            code?: string;
            /** @description Every fault in the request */
            violations?: {
                pointer: string;
                message: string;
            }[];
            /** @description JSON pointers at which the posted QA2 result differs from the recorded one */
            differences?: string[];
            /** @description The recorded and the posted value at each of `differences`; a value is absent when there is none at the pointer */
            differingValues?: {
                pointer: string;
                recorded?: unknown;
                posted?: unknown;
            }[];
        };
        ProjectPage: {
            items: {
                code: components["schemas"]["ProjectCode"];
            }[];
            next: string | null;
        };
        Project: {
            code: components["schemas"]["ProjectCode"];
            scienceGoals: {
                uid: components["schemas"]["Uid"];
                groups: components["schemas"]["GroupOus"][];
            }[];
        };
        GroupOus: {
            /** @enum {string} */
            level: "group";
            uid: components["schemas"]["Uid"];
            project: components["schemas"]["ProjectCode"];
            scienceGoal: components["schemas"]["Uid"];
            /** @description The newest known revision; null if there is none yet */
            revision: number | null;
            /** @enum {string} */
            state: "awaited" | "accepted" | "rejected" | "not-delivered" | "delivered";
            /** @enum {string|null} */
            outcome: "PASS" | "SEMIPASS" | "FAIL" | null;
            /**
             * Format: uuid
             * @description The current delivery
             */
            delivery: string | null;
            /** @description The group has more than one member and all of them passed (§2) */
            ready: boolean;
            /** @description How the group differs from the composition of §2 */
            remarks: string[];
            readiness: {
                number: number;
                /** Format: date-time */
                since: string;
                members: {
                    uid: components["schemas"]["Uid"];
                    revision: number;
                }[];
                withdrawn: {
                    /** Format: date-time */
                    at: string;
                    reason: string;
                } | null;
            }[];
            members: components["schemas"]["MemberOus"][];
        };
        MemberOus: {
            /** @enum {string} */
            level: "member";
            uid: components["schemas"]["Uid"];
            project: components["schemas"]["ProjectCode"];
            scienceGoal: components["schemas"]["Uid"];
            /** @description The newest known revision; null if there is none yet */
            revision: number | null;
            /** @enum {string} */
            state: "awaited" | "accepted" | "rejected" | "not-delivered" | "delivered";
            /** @enum {string|null} */
            outcome: "PASS" | "SEMIPASS" | "FAIL" | null;
            /**
             * Format: uuid
             * @description The current delivery
             */
            delivery: string | null;
            group: components["schemas"]["Uid"];
            /** @enum {string} */
            array: "12m" | "7m" | "TP" | "TP-calibration";
            schedulingBlock: {
                uid: components["schemas"]["Uid"];
                name: string;
            } | null;
            executionBlocks: {
                uid: components["schemas"]["Uid"];
                /** @enum {string} */
                use: "used" | "additional";
                size: number;
                /**
                 * @description As the metadata of the project state, else the QA2 result; null: neither does
                 * @default null
                 */
                observation: {
                    /**
                     * Format: date-time
                     * @description When the observation began
                     */
                    start?: string & (string);
                    /** @description Exposure on the science target, seconds */
                    exposure?: number;
                    /** @description Precipitable water vapour, mm */
                    pwv?: number;
                    /** @description Each antenna with its pad, such as `A109:DV01` */
                    antennas?: string[];
                } | null;
            }[];
        };
        RecordedMetadata: {
            project: components["schemas"]["ProjectCode"];
            /** Format: date-time */
            recordedAt: string;
            /**
             * @description `request`: `PUT /projects/{code}/metadata`; `qa2-result`: part of a QA2 result
             * @enum {string}
             */
            source: "request" | "qa2-result";
            /** @description Whether this answer has the names of the PI and the co-investigators */
            namesShown: boolean;
            metadata: components["schemas"]["PublicMetadata"];
        };
        PublicMetadata: {
            /** @description Increases with each change of the metadata of the project */
            revision: number;
            title?: string;
            abstract?: string;
            scienceKeywords?: string[];
            scienceCategory?: string;
            scienceGoals?: {
                /** @description The science goal */
                uid: components["schemas"]["Uid"];
                /** @description The requested sensitivity, mJy/beam */
                sensitivity: number;
                /** @description The bandwidth that it refers to, Hz */
                bandwidth?: number;
            }[];
            /** @description Replaces, value by value, what the QA2 results state about these execution blocks */
            executionBlocks?: {
                uid: components["schemas"]["Uid"];
                /**
                 * Format: date-time
                 * @description When the observation began
                 */
                start?: string & (string);
                /** @description Exposure on the science target, seconds */
                exposure?: number;
                /** @description Precipitable water vapour, mm */
                pwv?: number;
                /** @description Each antenna with its pad, such as `A109:DV01` */
                antennas?: string[];
            }[];
            publications?: {
                bibcode: string;
                title?: string;
                authors?: string[];
                year?: number;
                abstract?: string;
            }[];
            /** @description The principal investigator */
            pi?: {
                name: string;
                userId?: string;
            };
            coInvestigators?: string[];
        };
        MetadataHistoryPage: {
            items: components["schemas"]["MetadataHistoryEntry"][];
            next: string | null;
        };
        MetadataHistoryEntry: {
            project: components["schemas"]["ProjectCode"];
            /** Format: date-time */
            recordedAt: string;
            /**
             * @description `request`: `PUT /projects/{code}/metadata`; `qa2-result`: part of a QA2 result
             * @enum {string}
             */
            source: "request" | "qa2-result";
            /** @description Whether this answer has the names of the PI and the co-investigators */
            namesShown: boolean;
            metadata: components["schemas"]["PublicMetadata"];
            /**
             * @description `refused`: a QA2 result stated other content under a recorded revision, which stays as it is
             * @enum {string}
             */
            state: "current" | "replaced" | "refused";
            /** @description Who sent it: the caller, or the id of the QA2 result */
            by: string;
        };
        Ous: components["schemas"]["MemberOus"] | components["schemas"]["GroupOus"];
        DeliveryPage: {
            items: components["schemas"]["DeliverySummary"][];
            next: string | null;
        };
        DeliverySummary: {
            /** Format: uuid */
            id: string;
            project: components["schemas"]["ProjectCode"];
            /** @description The ObsUnitSet that the delivery is named after */
            ous: components["schemas"]["Uid"];
            /**
             * @description Further MemberOUSs that the same delivery serves
             * @default []
             */
            alsoServes: components["schemas"]["Uid"][];
            /** @enum {string} */
            level: "member" | "group";
            revision: number;
            /**
             * @description In the list of an ObsUnitSet: for that one. Otherwise a delivery is `replaced` once it is for every one it serves
             * @enum {string}
             */
            state: "current" | "replaced" | "withdrawn";
            /** @enum {string} */
            outcome: "PASS" | "SEMIPASS" | "FAIL";
            /** @description `analyst` or `pipeline` calibrated (§1), or `combination` for a GroupOUS */
            mode: string;
            parts: number;
            files: number;
            bytes: number;
            /** Format: date-time */
            cataloguedAt: string;
            /** Format: date-time */
            replacedAt: string | null;
            /** @description When QA2 withdrew the delivery; it can no longer be downloaded. Null: it is not withdrawn */
            withdrawn: {
                /** Format: date-time */
                at: string;
                /** @description The revision that failed QA2 */
                revision: number;
            } | null;
            releaseDate: (string & (string)) | null;
        };
        Delivery: {
            /** Format: uuid */
            id: string;
            project: components["schemas"]["ProjectCode"];
            /** @description The ObsUnitSet that the delivery is named after */
            ous: components["schemas"]["Uid"];
            /**
             * @description Further MemberOUSs that the same delivery serves
             * @default []
             */
            alsoServes: components["schemas"]["Uid"][];
            /** @enum {string} */
            level: "member" | "group";
            revision: number;
            /**
             * @description In the list of an ObsUnitSet: for that one. Otherwise a delivery is `replaced` once it is for every one it serves
             * @enum {string}
             */
            state: "current" | "replaced" | "withdrawn";
            /** @enum {string} */
            outcome: "PASS" | "SEMIPASS" | "FAIL";
            /** @description `analyst` or `pipeline` calibrated (§1), or `combination` for a GroupOUS */
            mode: string;
            parts: number;
            files: number;
            bytes: number;
            /** Format: date-time */
            cataloguedAt: string;
            /** Format: date-time */
            replacedAt: string | null;
            /** @description When QA2 withdrew the delivery; it can no longer be downloaded. Null: it is not withdrawn */
            withdrawn: {
                /** Format: date-time */
                at: string;
                /** @description The revision that failed QA2 */
                revision: number;
            } | null;
            releaseDate: (string & (string)) | null;
            /** @description The deliveries of the members that a GroupOUS delivery combines */
            combines: {
                ous: components["schemas"]["Uid"];
                /** Format: uuid */
                delivery: string;
                revision: number;
            }[];
            partList: {
                name: string;
                size: number;
                sha256: string;
                url: string;
            }[];
        };
        MemberFilePage: {
            items: components["schemas"]["MemberFile"][];
            next: string | null;
        };
        MemberFile: {
            path: string;
            part: string;
            offset: number;
            size: number;
            sha256: string;
            item: number | null;
            role: string;
            url: string;
            /**
             * @description What an image shows; null: no image
             * @default null
             */
            image: components["schemas"]["ImageRecord"] | null;
        };
        ImageRecord: {
            /** @description OBJECT */
            object: string | null;
            /** @description DATE-OBS as written: the start of the observation, UTC */
            observed: string | null;
            /** @description BUNIT, such as `Jy/beam` */
            unit: string | null;
            /** @description Spectral windows in the name of the file, if any */
            spectralWindows: number[];
            /** @description NAXIS1, NAXIS2 ...: pixels along each axis */
            shape: number[];
            /** @description The frame of its own sky axes, such as `ICRS` or `FK5` */
            frame: string | null;
            /** @description Centre: right ascension and declination, ICRS, degrees */
            centre: (number)[] | null;
            region: components["schemas"]["SkyRegion"] | null;
            /** @description Width and height of a pixel */
            pixelArcsec: (number)[] | null;
            /** @description Pixels along the longitude and the latitude axis */
            skyPixels: (number)[] | null;
            spectral: {
                /** @description Lower edge of the lowest channel */
                minimumHz: number;
                /** @description Upper edge of the highest channel */
                maximumHz: number;
                /** @description SPECSYS, such as `LSRK` */
                frame: string | null;
                channels: number;
                /** @description Width of the middle channel */
                channelWidthHz: number;
                restHz: number | null;
            } | null;
            /** @description Stokes parameters or correlations, in the order of the file */
            stokes: string[];
            /** @description Synthesised beam; the median of a cube whose beam varies from channel to channel */
            beam: {
                majorArcsec: number;
                minorArcsec: number;
                positionAngleDeg: number | null;
            } | null;
            /** @description Measured noise before primary beam correction, in the unit of the image; often empty */
            noise: {
                stokes: string | null;
                sigma: number;
            }[];
            /** @description Made of more than one pointing, as the imaging task in HISTORY says; null: not stated */
            mosaic: boolean | null;
        };
        SkyRegion: {
            /** @enum {string} */
            shape: "polygon";
            /** @description Right ascension and declination of each vertex, counter-clockwise with north up and east left */
            vertices: (number)[][];
        } | {
            /** @enum {string} */
            shape: "circle";
            centre: (number)[];
            radius: number;
        };
        PartLink: {
            /** @description Absolute if presigned, otherwise a path of this service */
            url: string;
            /** @description The URL needs no token; do not send one */
            presigned: boolean;
            /** Format: date-time */
            expiresAt: string | null;
            size: number;
            sha256: string;
        };
        DeliveryLinkRequest: {
            /**
             * @description How many days the link is valid
             * @default 90
             */
            days: number;
        };
        DeliveryLink: {
            /**
             * Format: uuid
             * @description The id to revoke the link by
             */
            id: string;
            /** Format: uuid */
            delivery: string;
            /** @description The value of the query parameter `link` of the delivery’s URLs; also accepted as a bearer token */
            link: string;
            /** @description The delivery’s URL with the link */
            url: string;
            /** Format: date-time */
            expiresAt: string;
        };
        Scrub: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done";
            /** @description Started by the schedule, not by a request */
            scheduled: boolean;
            /** Format: date-time */
            requestedAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            endedAt: string | null;
            /** @description Why the last attempt failed; the run is retried automatically */
            lastFailure: string | null;
            objects: {
                due: number;
                read: number;
            };
            bytes: {
                due: number;
                read: number;
            };
            damaged: number;
            reading: {
                key: string;
                bytes: number;
            } | null;
        };
        ScrubPage: {
            items: components["schemas"]["Scrub"][];
            next: string | null;
        };
        ScrubWithFindings: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done";
            /** @description Started by the schedule, not by a request */
            scheduled: boolean;
            /** Format: date-time */
            requestedAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            endedAt: string | null;
            /** @description Why the last attempt failed; the run is retried automatically */
            lastFailure: string | null;
            objects: {
                due: number;
                read: number;
            };
            bytes: {
                due: number;
                read: number;
            };
            damaged: number;
            reading: {
                key: string;
                bytes: number;
            } | null;
            findings: components["schemas"]["UpkeepFindingPage"];
        };
        UpkeepFindingPage: {
            items: components["schemas"]["UpkeepFinding"][];
            next: string | null;
        };
        UpkeepFinding: {
            /**
             * @description `corrupt`: its bytes differ from those that were catalogued; `unreadable`: the store does not return all of its bytes; `lost`: not in the store; `size-differs`: its size differs from the catalogued one; `orphan`: its delivery was rejected, or catalogued without it; `uncatalogued`: part of a complete delivery that is not in the catalogue; `unsettled`: its delivery is neither catalogued nor rejected; `foreign`: the archive never writes such a key; `abandoned-upload`: an unfinished upload; `manifest-unusable`: a rebuild cannot use the manifest; `unwithdrawn`: says that its delivery was withdrawn, but the catalogue does not
             * @enum {string}
             */
            kind: "corrupt" | "unreadable" | "lost" | "size-differs" | "orphan" | "uncatalogued" | "unsettled" | "foreign" | "abandoned-upload" | "manifest-unusable" | "unwithdrawn";
            /** @description The object’s key in the store */
            key: string;
            /** @description The id of the unfinished upload, for `abandoned-upload` */
            upload: string | null;
            expected: string | null;
            found: string | null;
            /** @description What it means and what to do */
            remark: string;
            /**
             * @description Null: no repair was requested. `remark` says what happens next, or why nothing can be done
             * @enum {string|null}
             */
            repair: "pending" | "done" | "not-possible" | null;
            /**
             * Format: date-time
             * @description When a scrub last found the object intact
             */
            lastGoodAt: string | null;
            /** Format: date-time */
            foundAt: string;
        };
        ReconciliationRequest: {
            /** @description Delete orphans and have ingest recover lost parts from where they were posted; otherwise only report */
            repair: boolean;
        };
        Reconciliation: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done";
            /** @description Started by the schedule, not by a request */
            scheduled: boolean;
            /** Format: date-time */
            requestedAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            endedAt: string | null;
            /** @description Why the last attempt failed; the run is retried automatically */
            lastFailure: string | null;
            repair: boolean;
            /** @description Objects in the catalogue */
            catalogued: number;
            /** @description Objects in the store */
            stored: number;
            /** @description Objects and uploads that are not in the catalogue, but younger than the grace period */
            recent: number;
            /** @description Objects and uploads of deliveries that are still being stored or catalogued */
            inFlight: number;
            findingCount: number;
            repaired: number;
            /** @description Lost parts that ingest has not recovered yet; the run may be done before they are */
            restoring: number;
        };
        ReconciliationPage: {
            items: components["schemas"]["Reconciliation"][];
            next: string | null;
        };
        ReconciliationWithFindings: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done";
            /** @description Started by the schedule, not by a request */
            scheduled: boolean;
            /** Format: date-time */
            requestedAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            endedAt: string | null;
            /** @description Why the last attempt failed; the run is retried automatically */
            lastFailure: string | null;
            repair: boolean;
            /** @description Objects in the catalogue */
            catalogued: number;
            /** @description Objects in the store */
            stored: number;
            /** @description Objects and uploads that are not in the catalogue, but younger than the grace period */
            recent: number;
            /** @description Objects and uploads of deliveries that are still being stored or catalogued */
            inFlight: number;
            findingCount: number;
            repaired: number;
            /** @description Lost parts that ingest has not recovered yet; the run may be done before they are */
            restoring: number;
            findings: components["schemas"]["UpkeepFindingPage"];
        };
        Rebuild: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done";
            /** @description Started by the schedule, not by a request */
            scheduled: boolean;
            /** Format: date-time */
            requestedAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            endedAt: string | null;
            /** @description Why the last attempt failed; the run is retried automatically */
            lastFailure: string | null;
            /** @description Deliveries recorded so far */
            deliveries: number;
            /** @description Manifests that could not be used */
            findingCount: number;
        };
        RebuildPage: {
            items: components["schemas"]["Rebuild"][];
            next: string | null;
        };
        RebuildWithFindings: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done";
            /** @description Started by the schedule, not by a request */
            scheduled: boolean;
            /** Format: date-time */
            requestedAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            endedAt: string | null;
            /** @description Why the last attempt failed; the run is retried automatically */
            lastFailure: string | null;
            /** @description Deliveries recorded so far */
            deliveries: number;
            /** @description Manifests that could not be used */
            findingCount: number;
            findings: components["schemas"]["UpkeepFindingPage"];
        };
        DeadLetterPage: {
            items: components["schemas"]["DeadLetter"][];
            next: string | null;
        };
        DeadLetter: {
            id: string;
            /**
             * @description The service that could not handle the message
             * @enum {string}
             */
            service: "intake" | "ingest" | "catalogue" | "notifier" | "request-handler" | "search";
            /** @description The type of the message; null if it has none */
            type: string | null;
            /** @description The ObsUnitSet that the message is about */
            subject: string | null;
            reason: string;
            attempts: number;
            /** Format: date-time */
            deadAt: string;
            /** @enum {string} */
            state: "waiting" | "replayed" | "discarded";
            /**
             * Format: date-time
             * @description When it was replayed or discarded
             */
            settledAt: string | null;
            /** @description Where it was read on Kafka; null if it came through the database */
            place: {
                topic: string;
                partition: number;
                offset: string;
                /** @description Milliseconds since 1970 */
                timestamp: string;
            } | null;
        };
        DeadLetterWithMessage: {
            id: string;
            /**
             * @description The service that could not handle the message
             * @enum {string}
             */
            service: "intake" | "ingest" | "catalogue" | "notifier" | "request-handler" | "search";
            /** @description The type of the message; null if it has none */
            type: string | null;
            /** @description The ObsUnitSet that the message is about */
            subject: string | null;
            reason: string;
            attempts: number;
            /** Format: date-time */
            deadAt: string;
            /** @enum {string} */
            state: "waiting" | "replayed" | "discarded";
            /**
             * Format: date-time
             * @description When it was replayed or discarded
             */
            settledAt: string | null;
            /** @description Where it was read on Kafka; null if it came through the database */
            place: {
                topic: string;
                partition: number;
                offset: string;
                /** @description Milliseconds since 1970 */
                timestamp: string;
            } | null;
            /** @description The message as received */
            message: unknown;
        };
        MailPage: {
            items: components["schemas"]["Mail"][];
            next: string | null;
        };
        Mail: {
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description Null for a mail about raw data of a MemberOUS without a delivery
             */
            delivery: string | null;
            ous: components["schemas"]["Uid"];
            revision: number;
            /** @enum {string} */
            role: "pi" | "delegee" | "submitter" | "requester";
            /** @description The recipient’s name */
            recipient: string;
            subject: string;
            /**
             * @description `failed`: refused by the mail server, or given up; `bounced`: accepted by the mail server, then returned
             * @enum {string}
             */
            state: "pending" | "sent" | "failed" | "bounced";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            settledAt: string | null;
            error: string | null;
        };
        MailWithBody: {
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description Null for a mail about raw data of a MemberOUS without a delivery
             */
            delivery: string | null;
            ous: components["schemas"]["Uid"];
            revision: number;
            /** @enum {string} */
            role: "pi" | "delegee" | "submitter" | "requester";
            /** @description The recipient’s name */
            recipient: string;
            subject: string;
            /**
             * @description `failed`: refused by the mail server, or given up; `bounced`: accepted by the mail server, then returned
             * @enum {string}
             */
            state: "pending" | "sent" | "failed" | "bounced";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            settledAt: string | null;
            error: string | null;
            text: string;
            html: string;
        };
        Bounce: {
            /** @description A delivery status notification (RFC 3464) as received, one character (U+0000 to U+00FF) per byte */
            message: string;
        };
        AsdmList: {
            ous: components["schemas"]["Uid"];
            project: components["schemas"]["ProjectCode"];
            totalSize: number;
            asdms: {
                uid: components["schemas"]["Uid"];
                /** @enum {string} */
                use: "used" | "additional";
                size: number;
                /** @description The file name of its raw tar when it is staged */
                fileName: string;
                /** @description Its directory in the unpacked tree (§5.1) */
                unpacksTo: string;
            }[];
        };
        RawRequest: {
            ous: components["schemas"]["Uid"];
            /**
             * @description `used`: those used in the imaging; `all`: the additional ones too (§3, item 7); or a list of execution blocks
             * @default used
             */
            asdms: ("used" | "all") | components["schemas"]["Uid"][];
            /** @description Who receives a mail when everything is staged, or when something could not be staged */
            notify?: {
                name: string;
                /** Format: email */
                email: string;
            };
        };
        RawRequestStatus: {
            /** Format: uuid */
            id: string;
            project: components["schemas"]["ProjectCode"];
            ous: components["schemas"]["Uid"];
            /**
             * @description `failed`: at least one ASDM could not be staged; the others are available
             * @enum {string}
             */
            state: "staging" | "staged" | "failed" | "expired";
            /** @description Path of this request; its state changes until it is settled */
            url: string;
            totalSize: number;
            bytesDone: number;
            /** Format: date-time */
            requestedAt: string;
            /** Format: date-time */
            settledAt: string | null;
            /**
             * Format: date-time
             * @description The staged files are available until then
             */
            expiresAt: string | null;
            /** @description Path of the download script; null unless something is staged */
            script: string | null;
            asdms: components["schemas"]["RawAsdm"][];
        };
        RawAsdm: {
            /** @description The uid of its execution block */
            uid: components["schemas"]["Uid"];
            /** @enum {string} */
            use: "used" | "additional";
            fileName: string;
            /** @description Its directory in the unpacked tree (§5.1) */
            unpacksTo: string;
            size: number;
            /** @enum {string} */
            state: "waiting" | "staging" | "staged" | "failed" | "expired";
            /** @description Bytes read and verified so far */
            bytesDone: number;
            /** @description Null until it is staged */
            sha256: string | null;
            /** @description Why it failed; while it is `waiting` or `staging`: why it is retried */
            error: {
                code: string;
                message: string;
                expected: string | null;
                found: string | null;
            } | null;
            /** @description Path to download it from; null unless it is staged */
            url: string | null;
        };
        RawRequestPage: {
            items: components["schemas"]["RawRequestStatus"][];
            next: string | null;
        };
        Change: {
            /** @description Rises by one with each change */
            id: number;
            /**
             * @description `released`: the release date of a delivery that was proprietary has passed
             * @enum {string}
             */
            kind: "added" | "replaced" | "withdrawn" | "released";
            ous: components["schemas"]["Uid"];
            project: components["schemas"]["ProjectCode"];
            revision: number;
            /** Format: uuid */
            delivery: string;
            /**
             * @description The rights of the data from then on; null after a withdrawal
             * @enum {string|null}
             */
            dataRights: "Public" | "Proprietary" | null;
            /** Format: date-time */
            at: string;
        };
        SearchRebuild: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done";
            /** Format: date-time */
            requestedAt: string;
            /** Format: date-time */
            endedAt: string | null;
            /** @description ObsUnitSets whose rows were replaced so far */
            deliveries: number;
            /** @description ObsUnitSets whose rows were removed: they have no current delivery */
            removed: number;
            lastFailure: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    Qa2ResultsController_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                ous?: components["schemas"]["Uid"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of results, without their histories */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Qa2ResultPage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Qa2ResultsController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "project": "2013.1.09999.S",
                 *       "level": "member",
                 *       "scienceGoal": "uid://A001/X1/Xa1",
                 *       "group": {
                 *         "uid": "uid://A001/X1/Xa2",
                 *         "members": [
                 *           {
                 *             "uid": "uid://A001/X1/Xa3",
                 *             "array": "12m"
                 *           },
                 *           {
                 *             "uid": "uid://A001/X1/Xa4",
                 *             "array": "7m"
                 *           }
                 *         ]
                 *       },
                 *       "member": "uid://A001/X1/Xa3",
                 *       "revision": 1,
                 *       "outcome": "PASS",
                 *       "decidedAt": "2014-12-01T15:20:00Z",
                 *       "executionBlocks": [
                 *         {
                 *           "uid": "uid://A002/X1/Xb1",
                 *           "use": "used",
                 *           "asdm": {
                 *             "size": 3819520,
                 *             "location": "file:///data/raw/2013.1.09999.S_uid___A002_X1_Xb1.asdm.sdm.tar"
                 *           }
                 *         }
                 *       ],
                 *       "parts": [
                 *         {
                 *           "name": "2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar",
                 *           "location": "file:///data/qa2/2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar",
                 *           "size": 5580800,
                 *           "sha256": "597592ab5b37e299192016884212d4817b75e539509a2247c20b80e6b056db52"
                 *         }
                 *       ],
                 *       "recipients": [
                 *         {
                 *           "role": "pi",
                 *           "name": "Henrietta Leavitt",
                 *           "email": "hleavitt@example.org"
                 *         }
                 *       ],
                 *       "releaseDate": "2015-12-19"
                 *     }
                 */
                "application/json": components["schemas"]["Qa2Result"];
            };
        };
        responses: {
            /** @description The same content is already recorded; the request has no effect */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Qa2ResultStatus"];
                };
            };
            /** @description Recorded; `Location` is the URL of its progress */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Qa2ResultStatus"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No space left for it now; try again later */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Qa2ResultsController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state of the result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Qa2ResultStatus"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ProjectsController_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of project codes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectPage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ProjectsController_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 2013.1.09999.S */
                code: components["schemas"]["ProjectCode"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    MetadataController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 2013.1.09999.S */
                code: components["schemas"]["ProjectCode"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest revision */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordedMetadata"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    MetadataController_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 2013.1.09999.S */
                code: components["schemas"]["ProjectCode"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "revision": 1,
                 *       "title": "Molecular gas in the centre of NGC 9999",
                 *       "abstract": "We propose to map CO(2-1) in the central kiloparsec of NGC 9999.",
                 *       "pi": {
                 *         "name": "Henrietta Leavitt",
                 *         "userId": "hleavitt"
                 *       },
                 *       "coInvestigators": [
                 *         "Annie Cannon"
                 *       ],
                 *       "showNames": true,
                 *       "scienceCategory": "Active galaxies",
                 *       "scienceKeywords": [
                 *         "Galactic centres/nuclei"
                 *       ],
                 *       "scienceGoals": [
                 *         {
                 *           "uid": "uid://A001/X1/Xa1",
                 *           "sensitivity": 1.5,
                 *           "bandwidth": 7690000
                 *         }
                 *       ],
                 *       "executionBlocks": [
                 *         {
                 *           "uid": "uid://A002/X1/Xb1",
                 *           "start": "2014-11-23T10:00:00Z",
                 *           "exposure": 1814.4,
                 *           "pwv": 0.9,
                 *           "antennas": [
                 *             "A109:DV01",
                 *             "A045:DA41"
                 *           ]
                 *         }
                 *       ],
                 *       "publications": [
                 *         {
                 *           "bibcode": "2015ApJ...808L...3A",
                 *           "title": "Molecular gas in NGC 9999",
                 *           "authors": [
                 *             "Leavitt, H.",
                 *             "Cannon, A."
                 *           ],
                 *           "year": 2015
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ProjectMetadata"];
            };
        };
        responses: {
            /** @description The current metadata; the same content put again has no effect */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordedMetadata"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    MetadataController_history: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @example 2013.1.09999.S */
                code: components["schemas"]["ProjectCode"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of documents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetadataHistoryPage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    OusController_ous: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example uid___A001_X1_Xa3 */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ObsUnitSet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ous"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    OusController_deliveries: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @example uid___A001_X1_Xa3 */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeliveriesController_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeliveriesController_report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {number} */
                        version: 1;
                        /**
                         * @description `rejected` when any finding is a `reject`
                         * @enum {string}
                         */
                        verdict: "pass" | "rejected";
                        /** @enum {string} */
                        level: "member" | "group";
                        /** @enum {string} */
                        mode: "analyst" | "pipeline" | "combination";
                        profile: {
                            /** @enum {string} */
                            name: "cycle-2" | "cycle-3-5" | "cycle-6+";
                            /** @enum {string} */
                            chosen: "by files" | "by request";
                            reasons: string[];
                        };
                        counts: {
                            reject: number;
                            warn: number;
                            note: number;
                        };
                        findings: {
                            /** @description The rule, such as `script.pi` */
                            code: string;
                            /** @enum {string} */
                            severity: "reject" | "warn" | "note";
                            /** @description Section of the document, such as `§4.2` */
                            section: string;
                            /** @description Path in the delivery or name of a part; null: the whole delivery */
                            file: string | null;
                            message: string;
                            expected: string | null;
                            found: string | null;
                            remedy: string;
                        }[];
                        /** @description Findings beyond 50 of one rule or 250 in all: counted, not listed */
                        omitted: {
                            code: string;
                            count: number;
                        }[];
                        /** @description Rules that were not checked because parts are missing or cannot be read */
                        unchecked: string[];
                        /** @description The seven items of §3 */
                        items: {
                            item: number;
                            title: string;
                            files: number;
                            bytes: number;
                        }[];
                        files: number;
                        bytes: number;
                        facts: {
                            readme: {
                                /** @enum {string} */
                                form: "empty" | "reducer" | "generic" | "free";
                                cycle: string | null;
                                projectCode: string | null;
                                projectTitle: string | null;
                                schedulingBlocks: string[];
                                configuration: string | null;
                                proposedRmsJansky: number | null;
                                proposedBeamArcsec: number | null;
                                casaVersion: string | null;
                                qa2Result: string | null;
                                memberSchedulingBlocks: number | null;
                                achieved: {
                                    about: string | null;
                                    beam: {
                                        majorArcsec: number;
                                        minorArcsec: number;
                                        positionAngleDeg: number | null;
                                    } | null;
                                    noise: {
                                        janskyPerBeam: number;
                                        width: {
                                            value: number;
                                            /** @enum {string} */
                                            unit: "Hz" | "m/s";
                                        } | null;
                                    } | null;
                                }[];
                                deliveredAgain?: string | null;
                                unfilled?: string[];
                                /** @description Path in the delivery */
                                file: string;
                            } | null;
                            ppr: {
                                projectCode: string | null;
                                memberOus: string | null;
                                schedulingBlock: string | null;
                                procedure: string | null;
                                executionBlocks: string[];
                                sessions: {
                                    number: number;
                                    executionBlocks: string[];
                                }[];
                                obsProject?: string | null;
                                schedulingBlockStatus?: string | null;
                                relativePath?: string | null;
                                /** @description Path in the delivery */
                                file: string;
                            } | null;
                            scriptForPi?: {
                                revision: string | null;
                                date: string | null;
                                /** @description Path in the delivery */
                                file: string;
                            } | null;
                            packagedOn?: string | null;
                            executionBlocks: string[];
                            qa2Checks: {
                                executionBlock: string | null;
                                check: {
                                    about: string | null;
                                    beam: {
                                        majorArcsec: number;
                                        minorArcsec: number;
                                        positionAngleDeg: number | null;
                                    } | null;
                                    noise: {
                                        janskyPerBeam: number;
                                        width: {
                                            value: number;
                                            /** @enum {string} */
                                            unit: "Hz" | "m/s";
                                        } | null;
                                    } | null;
                                };
                            }[];
                            qa2Report: {
                                status: string | null;
                                executions: {
                                    done: number;
                                    expected: number;
                                } | null;
                                images: {
                                    name: string;
                                    robust: number | null;
                                    about: string | null;
                                    beam: {
                                        majorArcsec: number;
                                        minorArcsec: number;
                                        positionAngleDeg: number | null;
                                    } | null;
                                    noise: {
                                        janskyPerBeam: number;
                                        width: {
                                            value: number;
                                            /** @enum {string} */
                                            unit: "Hz" | "m/s";
                                        } | null;
                                    } | null;
                                }[];
                                otherMembers: string[];
                                /** @description Path in the delivery */
                                file: string;
                            } | null;
                            calibratorFluxes: {
                                measurementSet: string;
                                field: string;
                                spw: string;
                                jansky: number;
                                spectralIndex: number | null;
                                source?: string | null;
                                intents?: string[];
                            }[];
                            archives: {
                                /** @description Path in the delivery */
                                file: string;
                                files: number;
                                bytes: number;
                                tables: number;
                                flagVersions: boolean;
                            }[];
                            images: {
                                /** @description Path in the delivery */
                                file: string;
                                /** @enum {string} */
                                role: "readme" | "image.pbcor" | "image.pb" | "image.dirty" | "image.moment" | "image.moment0" | "image.pv" | "image.mask" | "image.alpha" | "image.alpha.error" | "image.singledish" | "image" | "image.casa" | "mask.casa" | "mask.archive" | "calibrator.bandpass" | "calibrator.phase" | "calibrator.check" | "calibrator.flux" | "calibrator.polarization" | "calibrator.pb" | "calibrator.mask" | "caltables" | "auxcaltables" | "flagversions" | "caltables+flagversions.analyst" | "calapply" | "auxcalapply" | "flagtemplate" | "flagtargetstemplate" | "flux.csv" | "jyperk.csv" | "antennapos.csv" | "cont.dat" | "auxproducts" | "ephemeris" | "plot" | "plots.archive" | "qa2.page" | "qa2.text" | "qa2.report" | "qa0.report" | "weblog" | "scriptForPI" | "scriptForImaging" | "scriptForImagingPrep" | "scriptForFluxCalibration" | "scriptForPolarization" | "scriptForCalibration" | "pipescript" | "piperestorescript" | "ppr" | "pipeline_manifest" | "product_rename" | "casa_log" | "casa_commands" | "asdm" | "litter" | "unknown";
                                object: string | null;
                                unit: string | null;
                                observed?: string | null;
                                shape: number[];
                                centre: {
                                    longitude: number;
                                    latitude: number;
                                    frame: string;
                                } | null;
                                frequencyHz: {
                                    minimum: number;
                                    maximum: number;
                                    channels: number;
                                    frame: string | null;
                                } | null;
                                beam: {
                                    majorArcsec: number;
                                    minorArcsec: number;
                                    positionAngleDeg: number | null;
                                } | null;
                            }[];
                            /** @description Images before primary beam correction */
                            measurements: {
                                /** @description The image: a corrected one, or one that was never corrected */
                                file: string;
                                /** @description The primary beam that it was corrected with; null when it was not corrected */
                                primaryBeam: string | null;
                                result: {
                                    unit: string | null;
                                    beam: {
                                        majorArcsec: number;
                                        minorArcsec: number;
                                        positionAngleDeg: number | null;
                                    } | null;
                                    noise: {
                                        stokes: string | null;
                                        /** @description In the unit of the image */
                                        sigma: number;
                                        /** @description Inspected and measured */
                                        channels: number;
                                        channelsUsed: number;
                                        /** @description Inspected pixels of a channel that have a value */
                                        pixels: number;
                                        independentBeams: number | null;
                                    }[];
                                    /** @description How image and primary beam agree */
                                    agreement: {
                                        sameShape: boolean;
                                        sameSky: boolean | null;
                                        /** @description Minimum number of pixels that have a value in the image but not in the primary beam */
                                        onlyInImage: number;
                                        onlyInBeam: number;
                                        beamMinimum: number | null;
                                        beamMaximum: number | null;
                                    } | null;
                                } | null;
                                /** @description Why it could not be measured */
                                problem: string | null;
                            }[];
                            /** @description What the README states (§4.1); empty when it states nothing */
                            claims: {
                                about: string | null;
                                beam: {
                                    majorArcsec: number;
                                    minorArcsec: number;
                                    positionAngleDeg: number | null;
                                } | null;
                                noise: {
                                    janskyPerBeam: number;
                                    width: {
                                        value: number;
                                        /** @enum {string} */
                                        unit: "Hz" | "m/s";
                                    } | null;
                                } | null;
                                /** @description Null when no measured image can be compared */
                                nearest: {
                                    file: string;
                                    beamAgrees: boolean | null;
                                    noiseAgrees: boolean | null;
                                } | null;
                            }[];
                            disk: {
                                /** @enum {string} */
                                basis: "products and raw data" | "raw data";
                                basisBytes: number;
                                levels: {
                                    /** @enum {number} */
                                    spaceSaving: 0 | 1 | 2 | 3;
                                    bytes: number;
                                }[];
                            } | null;
                            omitted: {
                                executionBlocks: number;
                                qa2Checks: number;
                                calibratorFluxes: number;
                                archives: number;
                                images: number;
                                measurements: number;
                            };
                        };
                    };
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeliveriesController_files: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                item?: number;
                role?: string;
            };
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of files */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberFilePage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DownloadsController_part: {
        parameters: {
            query?: never;
            header?: {
                /** @description Byte ranges, at most 100; several are answered as multipart/byteranges */
                Range?: string;
                /** @description ETag or Last-Modified for which `Range` is valid; otherwise the whole content is sent */
                "If-Range"?: string;
                /** @description ETags that the client has */
                "If-None-Match"?: string;
                /** @description Last-Modified of what the client has */
                "If-Modified-Since"?: string;
                /** @description ETags, one of which must be the current one */
                "If-Match"?: string;
                /** @description Fails when the content was modified after this time */
                "If-Unmodified-Since"?: string;
            };
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
                /** @example 2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The part */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description One range of it, or several */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The client has the current content */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Error */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The requested range is outside the content */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description Not possible for now; the reason says why, and `Retry-After` when to try again
             *
             *     Not possible for now; the reason says why, and `Retry-After` when to try again
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DownloadsController_link: {
        parameters: {
            query?: {
                seconds?: number;
            };
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
                /** @example 2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The URL */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartLink"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DownloadsController_script: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The script */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DownloadsController_file: {
        parameters: {
            query?: never;
            header?: {
                /** @description Byte ranges, at most 100; several are answered as multipart/byteranges */
                Range?: string;
                /** @description ETag or Last-Modified for which `Range` is valid; otherwise the whole content is sent */
                "If-Range"?: string;
                /** @description ETags that the client has */
                "If-None-Match"?: string;
                /** @description Last-Modified of what the client has */
                "If-Modified-Since"?: string;
                /** @description ETags, one of which must be the current one */
                "If-Match"?: string;
                /** @description Fails when the content was modified after this time */
                "If-Unmodified-Since"?: string;
            };
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
                /** @example 2013.1.09999.S/science_goal.uid___A001_X1_Xa1/README */
                path: string | string[];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description One range of it, or several */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The client has the current content */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Error */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The requested range is outside the content */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description Not possible for now; the reason says why, and `Retry-After` when to try again
             *
             *     Not possible for now; the reason says why, and `Retry-After` when to try again
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DataPortalController_download: {
        parameters: {
            query?: never;
            header?: {
                /** @description Byte ranges, at most 100; several are answered as multipart/byteranges */
                Range?: string;
                /** @description ETag or Last-Modified for which `Range` is valid; otherwise the whole content is sent */
                "If-Range"?: string;
                /** @description ETags that the client has */
                "If-None-Match"?: string;
                /** @description Last-Modified of what the client has */
                "If-Modified-Since"?: string;
                /** @description ETags, one of which must be the current one */
                "If-Match"?: string;
                /** @description Fails when the content was modified after this time */
                "If-Unmodified-Since"?: string;
            };
            path: {
                /** @example 2013.1.09999.S/science_goal.uid___A001_X1_Xa1/README */
                path: string | string[];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The part or file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description One range of it, or several */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The client has the current content */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Error */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The requested range is outside the content */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description Not possible for now; the reason says why, and `Retry-After` when to try again
             *
             *     Not possible for now; the reason says why, and `Retry-After` when to try again
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    LinksController_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "days": 90
                 *     }
                 */
                "application/json": components["schemas"]["DeliveryLinkRequest"];
            };
        };
        responses: {
            /** @description The link; the archive does not record it and cannot show it again */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryLink"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    LinksController_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link is no longer valid */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ScrubsController_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of scrubs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrubPage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ScrubsController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new scrub, or the one under way; `Location` is the URL of its progress */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Scrub"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ScrubsController_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The scrub */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrubWithFindings"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ReconciliationsController_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of reconciliations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationPage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ReconciliationsController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "repair": false
                 *     }
                 */
                "application/json": components["schemas"]["ReconciliationRequest"];
            };
        };
        responses: {
            /** @description The new reconciliation, or one with the same setting under way; `Location` is the URL of its progress */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ReconciliationsController_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reconciliation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationWithFindings"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RebuildsController_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rebuilds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RebuildPage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RebuildsController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new rebuild, or the one under way; `Location` is the URL of its progress */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rebuild"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RebuildsController_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rebuild */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RebuildWithFindings"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLettersController_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                state?: "waiting" | "replayed" | "discarded";
                service?: "intake" | "ingest" | "catalogue" | "notifier" | "request-handler" | "search";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of dead letters */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterPage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLettersController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 17 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dead letter */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterWithMessage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLettersController_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 17 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message is replayed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLettersController_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 17 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dead letter is discarded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    MailsController_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                ous?: components["schemas"]["Uid"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of mails without their bodies */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailPage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    MailsController_mail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailWithBody"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    BouncesController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "message": "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n..."
                 *     }
                 */
                "application/json": components["schemas"]["Bounce"];
            };
        };
        responses: {
            /** @description The mail that bounced */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Mail"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    AsdmsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example uid___A001_X1_Xa3 */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ASDMs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AsdmList"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RawRequestsController_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                ous?: components["schemas"]["Uid"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of requests */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RawRequestPage"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RawRequestsController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ous": "uid://A001/X1/Xa3",
                 *       "asdms": "used",
                 *       "notify": {
                 *         "name": "Henrietta Leavitt",
                 *         "email": "hleavitt@example.org"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RawRequest"];
            };
        };
        responses: {
            /** @description The caller has made the same request before, and it has not expired */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RawRequestStatus"];
                };
            };
            /** @description The ASDMs are being staged; `Location` is the URL of the request */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RawRequestStatus"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No space left for it now; try again later */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RawRequestsController_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RawRequestStatus"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RawRequestsController_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No ASDM of the request has failed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RawRequestStatus"];
                };
            };
            /** @description The failed ASDMs are being staged */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RawRequestStatus"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No space left for it now; try again later */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RawRequestsController_file: {
        parameters: {
            query?: never;
            header?: {
                /** @description Byte ranges, at most 100; several are answered as multipart/byteranges */
                Range?: string;
                /** @description ETag or Last-Modified for which `Range` is valid; otherwise the whole content is sent */
                "If-Range"?: string;
                /** @description ETags that the client has */
                "If-None-Match"?: string;
                /** @description Last-Modified of what the client has */
                "If-Modified-Since"?: string;
                /** @description ETags, one of which must be the current one */
                "If-Match"?: string;
                /** @description Fails when the content was modified after this time */
                "If-Unmodified-Since"?: string;
            };
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
                /** @example 2013.1.09999.S_uid___A002_X1_Xb1.asdm.sdm.tar */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tar of the ASDM */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description One range of it, or several */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The client has the current content */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Error */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The requested range is outside the content */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description Not possible for now; the reason says why, and `Retry-After` when to try again
             *
             *     Not possible for now; the reason says why, and `Retry-After` when to try again
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RawRequestsController_script: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The script */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request contradicts what is recorded */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TapController_get: {
        parameters: {
            query: {
                /** @example SELECT TOP 10 target_name, s_ra, s_dec FROM ivoa.obscore */
                QUERY: unknown;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result, as VOTable unless RESPONSEFORMAT says otherwise */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    TapController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "QUERY": "SELECT TOP 10 target_name, s_ra, s_dec FROM ivoa.obscore"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    QUERY?: string;
                };
            };
        };
        responses: {
            /** @description The result, as VOTable unless RESPONSEFORMAT says otherwise */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobListController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobListController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "QUERY": "SELECT TOP 10 target_name, s_ra, s_dec FROM ivoa.obscore",
                 *       "PHASE": "RUN"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    QUERY?: string;
                    PHASE?: string;
                };
            };
        };
        responses: {
            /** @description Created; `Location` is its URL */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong; a fault of the query itself shows when it runs */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now: you have too many jobs, or the archive is busy */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ACTION": "DELETE"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    ACTION?: string;
                };
            };
        };
        responses: {
            /** @description Done; `Location` is what to look at next */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The phase of the job does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; `Location` is what to look at next */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The phase of the job does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_phase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A word, such as EXECUTING */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_setPhase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "PHASE": "RUN"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    PHASE?: string;
                };
            };
        };
        responses: {
            /** @description Done; `Location` is what to look at next */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The phase of the job does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_parameters: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_setParameters: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "MAXREC": "1000"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    MAXREC?: string;
                };
            };
        };
        responses: {
            /** @description Done; `Location` is what to look at next */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The phase of the job does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_duration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Seconds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_setDuration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "EXECUTIONDURATION": "600"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    EXECUTIONDURATION?: string;
                };
            };
        };
        responses: {
            /** @description Done; `Location` is what to look at next */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The phase of the job does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_destruction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A time in UTC */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_setDestruction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "DESTRUCTION": "2026-12-01T00:00:00Z"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    DESTRUCTION?: string;
                };
            };
        };
        responses: {
            /** @description Done; `Location` is what to look at next */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The phase of the job does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_quote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A time in UTC; nothing unless it runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_owner: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Your own name as the archive knows it; nothing if it has no owner */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_results: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML: one result, or none */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_result: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description One range of it, or several */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The client has it */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The requested range is outside the result */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    JobController_error: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A VOTable with the reason */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unknown job, or the job of somebody else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    VosiController_capabilities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    VosiController_availability: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    VosiController_tables: {
        parameters: {
            query: {
                detail: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    VosiController_table: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example ivoa.obscore */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such table */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    VosiController_examples: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XHTML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SiaController_get: {
        parameters: {
            query?: {
                /** @example CIRCLE 266.417 -29.008 0.1 */
                POS?: unknown;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rows of ObsCore, as VOTable unless RESPONSEFORMAT says otherwise */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SiaController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "POS": "CIRCLE 266.417 -29.008 0.1"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    POS?: string;
                };
            };
        };
        responses: {
            /** @description Rows of ObsCore, as VOTable unless RESPONSEFORMAT says otherwise */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SiaController_capabilities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SiaController_available: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ConeController_get: {
        parameters: {
            query: {
                /** @example 0.1 */
                SR: unknown;
                /** @example -29.008 */
                DEC: unknown;
                /** @example 266.417 */
                RA: unknown;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A VOTable */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ConeController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "RA": "266.417",
                 *       "DEC": "-29.008",
                 *       "SR": "0.1"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    RA?: string;
                    DEC?: string;
                    SR?: string;
                };
            };
        };
        responses: {
            /** @description A VOTable */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ConeController_capabilities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ConeController_available: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    CoverageController_map: {
        parameters: {
            query?: {
                /** @description Only what this project has */
                project?: components["schemas"]["ProjectCode"];
                /** @description Only what this receiver band has */
                band?: number;
                /** @description Form of the map */
                format?: "fits" | "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description FITS (NUNIQ) or JSON */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The client has the current map */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RegistryController_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML, also for requests that are wrong */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RegistryController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "verb": "Identify"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    verb?: string;
                };
            };
        };
        responses: {
            /** @description XML, also for requests that are wrong */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RegistryController_record: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example archive */
                record: "archive" | "registry" | "authority" | "organisation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    LinksController_get: {
        parameters: {
            query: {
                /**
                 * @description uid of an ObsUnitSet, or name of a stored tar or file
                 * @example uid://A001/X1/Xa3
                 */
                ID: unknown;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The links, as VOTable unless RESPONSEFORMAT says otherwise; an ID without links says why */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    LinksController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ID": "uid://A001/X1/Xa3"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    ID?: string;
                };
            };
        };
        responses: {
            /** @description The links, as VOTable unless RESPONSEFORMAT says otherwise; an ID without links says why */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A VOTable that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    LinksController_capabilities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    LinksController_available: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SodaController_get: {
        parameters: {
            query: {
                /** @description A Stokes parameter or correlation; can be repeated */
                POL?: unknown;
                /** @description Two wavelengths in metres */
                BAND?: unknown;
                /** @description CIRCLE, RANGE or POLYGON with numbers in degrees */
                POS?: unknown;
                /** @description Longitude and latitude of each vertex */
                POLYGON?: unknown;
                /** @description Longitude, latitude and radius in degrees, ICRS */
                CIRCLE?: unknown;
                /**
                 * @description The name or path of an image
                 * @example NGC9999.cont.pbcor.fits
                 */
                ID: unknown;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A FITS file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The image has nothing of what is requested */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Text that says what is wrong: UsageError or MultiValuedParamNotSupported */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The data are proprietary, and the token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not found, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Text that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SodaController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ID": "NGC9999.cont.pbcor.fits"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    ID?: string;
                };
            };
        };
        responses: {
            /** @description A FITS file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The image has nothing of what is requested */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Text that says what is wrong: UsageError or MultiValuedParamNotSupported */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The data are proprietary, and the token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not found, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Text that says why not now; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SodaController_capabilities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SodaController_available: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ChangesController_get: {
        parameters: {
            query?: {
                /** @description The `id` of the last change that the caller has */
                after?: number;
                /** @description Changes at most */
                limit?: number;
                /** @description Seconds to wait for a change if there is none */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Lines, a change in each; none if there is no change yet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Change"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It existed, and has expired or was withdrawn */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RebuildController_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new rebuild, or the one under way; `Location` is the URL of its progress */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchRebuild"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RebuildController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rebuild */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchRebuild"];
                };
            };
            /** @description Invalid request; `violations` lists every fault */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token or link is missing, unknown, expired or revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope that this requires */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found, not public yet, or the caller is not authorised to access it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible for now; the reason says why, and `Retry-After` when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
