using StreamSettle.Streams.Records;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Errors;

/// <summary>Where in the topology an exception arose. It travels with the exception, whose type goes on saying who must act.</summary>
/// <param name="Processor">The innermost node that was at work: a source, processor or sink.</param>
/// <param name="Record">The record in process; no topic outside of one (punctuation, message, commit, opening and closing).</param>
public sealed record FailurePlace(TaskId Task, string Processor, RecordMetadata Record)
{
    const string Key = "StreamSettle.Streams.FailurePlace";

    /// <summary>The place that was noted with the exception or with one inside of it; null for none.</summary>
    public static FailurePlace? Of(Exception? exception) => exception is null ? null : exception.Data[Key] as FailurePlace ?? Of(exception.InnerException);

    public override string ToString() => Record.Topic is null
        ? $"task {Task}, processor '{Processor}', outside of a record"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"task {Task}, processor '{Processor}', record {Record.Topic}-{Record.Partition}, offset {Record.Offset}");

    /// <summary>For exception filters, which run from the inside out: the first place stays. Always false, so nothing is caught.</summary>
    internal static bool Note(Exception exception, StreamTask task, string processor)
    {
        if (!exception.Data.Contains(Key))
        {
            exception.Data[Key] = new FailurePlace(task.Id, processor, task.Metadata);
        }

        return false;
    }
}
