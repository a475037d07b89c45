using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Names;

namespace StreamSettle.App.Composition;

/// <summary>Reads records of the source as the service does now, to see whether one that could not be read can be by now. Thread-safe: each question has its own reader.</summary>
sealed class SourceReaders(EmbeddedCdcOptions source)
{
    /// <summary>Why the record still cannot be read; null where it can.</summary>
    public string? ProblemOf(DeadLetter letter)
    {
        try
        {
            if (letter.Topic == Topics.Orders(source.TopicPrefix))
            {
                new OrderChangeSerde(source.Orders).Read(letter.Payload);
            }
            else if (letter.Topic == Topics.Merchants(source.TopicPrefix))
            {
                new MerchantChangeSerde(source.Merchants).Read(letter.Payload);
            }
            else
            {
                new PromoterChangeSerde(source.Promoters).Read(letter.Payload);
            }

            return null;
        }
        catch (SerdeException problem)
        {
            return problem.Message;
        }
    }
}
