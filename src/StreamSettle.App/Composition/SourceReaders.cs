using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Names;

namespace StreamSettle.App.Composition;

/// <summary>Reads records of the source as the service does now, to see whether one that could not be read can be by now. Thread-safe: each question has its own reader.</summary>
sealed class SourceReaders(EmbeddedCdcOptions source, IWriterSchemas? schemas)
{
    /// <summary>Why the record still cannot be read; null where it can.</summary>
    /// <exception cref="EnvironmentFailedException">That cannot be told before the schema registry has answered.</exception>
    public string? ProblemOf(DeadLetter letter)
    {
        try
        {
            var headers = new Headers(letter.RecordHeaders);
            if (letter.Topic == Topics.Orders(source.TopicPrefix))
            {
                OrderChangeSerde.Of(source, schemas).Read(letter.Payload, headers);
            }
            else if (letter.Topic == Topics.Merchants(source.TopicPrefix))
            {
                MerchantChangeSerde.Of(source, schemas).Read(letter.Payload, headers);
            }
            else
            {
                new PromoterChangeSerde(source.Promoters, schemas).Read(letter.Payload, headers);
            }

            return null;
        }
        catch (SerdeException problem)
        {
            return problem.Message;
        }
    }
}
