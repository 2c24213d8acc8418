/** The report of the delivery standard, as messages and answers carry it; libs/delivery owns its shape. */
export { type DeliveryReport, deliveryReportSchema, type Finding, findingSchema } from '@almagest/delivery';
