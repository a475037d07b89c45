using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Records;
using StreamSettle.Streams.Log;

namespace StreamSettle.Connectors.Embedded.Output;

/// <summary>
/// Writes deletes for keys that the log holds alive and the source has lost without telling so key by key: by a truncate, or before a snapshot that is read again.
/// </summary>
internal sealed class LostKeys(SourceTopics topics, CdcOutput output, int partitions, int commitBytes, TimeProvider time)
{
    readonly ChangeRecords records = new(new EnvelopeWriter(time));

    /// <summary>Deletes what is alive in the log below the bounds and not seen since; everything filled before goes to the log first.</summary>
    /// <param name="bounds">The end offsets from which on records say that a key still exists; null for none: every key alive is lost.</param>
    /// <param name="point">Where the deletes stand.</param>
    /// <param name="offset">What commits reach meanwhile.</param>
    public async Task DeleteAsync(
        TableShape shape, IReadOnlyDictionary<TopicPartition, long>? bounds, ChangePoint point, CdcOffset offset, CancellationToken stop)
    {
        await output.CommitAsync(offset).ConfigureAwait(false);
        for (var partition = 0; partition < partitions; partition++)
        {
            var bound = bounds?[new TopicPartition(shape.Table.Topic, partition)] ?? long.MaxValue;
            foreach (var key in topics.Alive(shape.Table, partition, bound, stop))
            {
                records.DeleteKey(output.Filling, shape, key, point);
                if (output.Filling.Bytes >= commitBytes)
                {
                    await output.StartAsync(offset).ConfigureAwait(false);
                }
            }
        }
    }
}
