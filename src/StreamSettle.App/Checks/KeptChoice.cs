using System.Text;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;

namespace StreamSettle.App.Checks;

/// <summary>
/// <c>Source:CompletedSince</c> of the first start, kept with the state: by another value at a later start orders that are not ours would become ours, and be
/// paid though something else has settled them.
/// </summary>
/// <param name="Since">Null: every completed order is ours.</param>
sealed record KeptChoice(UtcInstant? Since)
{
    const string MetadataName = "completed-since";

    /// <summary>The group under which it is written; it reads nothing.</summary>
    const string Group = "first-start";

    const string All = "all";

    /// <returns>Null where no first start has come so far.</returns>
    public static KeptChoice? Read(Func<string, byte[]?> metadata)
    {
        return metadata(MetadataName) is { } bytes ? Parse(Encoding.UTF8.GetString(bytes)) : null;
    }

    /// <summary>As the event log keeps it beside the registration.</summary>
    public string Text => Since?.ToString() ?? All;

    /// <summary>As <see cref="Keep"/> writes it, for a commit that does more.</summary>
    public (string Name, byte[] Value) Entry => (MetadataName, Encoding.UTF8.GetBytes(Text));

    /// <exception cref="CorruptStateException">It is no choice of ours.</exception>
    public static KeptChoice Parse(string text)
    {
        return text == All
            ? new(Since: null)
            : UtcInstant.TryParse(text, out var since) ? new(since) : throw new CorruptStateException($"the first start has kept '{text}' as Source:CompletedSince");
    }

    /// <param name="more">What else a first start keeps.</param>
    public void Keep(IStreamLog log, params ReadOnlySpan<(string Name, byte[] Value)> more)
    {
        var commit = new LogCommit();
        commit.Metadata.Add(Entry);
        commit.Metadata.AddRange(more);
        using var client = log.OpenClient(Group, Group);
        client.Commit(commit);
    }

    /// <exception cref="UserMistakeException">It is another value now: both, and what to do.</exception>
    public void Compare(UtcInstant? now)
    {
        if (now == Since)
        {
            return;
        }

        throw new UserMistakeException(
            $"Source:CompletedSince is {Told(now)}, but the first start of this state directory had {Told(Since)}: it decided then which completed orders are ours, and that stays. "
            + (Since is { } since ? $"Set Source:CompletedSince={since} again" : "Remove Source:CompletedSince again")
            + " (docs/operations.md, \"Orders that are not ours\").");
    }

    static string Told(UtcInstant? since) => since?.ToString() ?? "not set";
}
