using System.Text;
using StreamSettle.App.Composition;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Names;

namespace StreamSettle.App.Holds;

/// <summary>
/// Puts holds and releases into the log, and comes back when this instance goes by them. Which of two that say the same id counts, the log's order says: so it is asked
/// what became of the request when it has been read.
/// </summary>
sealed class HoldDesk(SettlementService service)
{
    /// <summary>Most holds that stand.</summary>
    public const int MostHolds = 10_000;

    /// <summary>How long a hold is listed when it is over, and its id is not free for another.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Most that are taken off the list with one request.</summary>
    const int MostCleared = 100;

    /// <summary>By then an instance whose threads run has read what was written.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    UtcInstant Now => UtcInstant.Now(service.Time);

    /// <param name="until">Null: until it is released.</param>
    /// <exception cref="EnvironmentFailedException">It is written, and has not been read here in time.</exception>
    public async Task<HoldOutcome> AddAsync(Hold asked, HoldTime until, CancellationToken stop)
    {
        var holds = service.Holds.Current;
        if (holds.Find(asked.Id) is { } known)
        {
            return Judge(known, asked, until, isNew: false);
        }

        if (holds.StandingAt(Now) >= MostHolds)
        {
            return new HoldOutcome.Refused($"{MostHolds} holds stand, and no more may: release some (holds list).");
        }

        Write([asked, .. Old(holds)]);
        return Judge(await ReadAsync(asked.Id, hold => true, stop), asked, until, isNew: true);
    }

    /// <exception cref="EnvironmentFailedException">It is written, and has not been read here in time.</exception>
    public async Task<HoldOutcome> ReleaseAsync(Hold hold, HoldRelease release, CancellationToken stop)
    {
        if (hold.Release is null && !hold.StandsAt(Now))
        {
            return new HoldOutcome.Refused($"The hold '{hold.Id}' expired at {hold.Until}.");
        }

        var isNew = hold.Release is null;
        if (isNew)
        {
            Write([hold with { Release = release }]);
            hold = await ReadAsync(hold.Id, now => now.Release is not null, stop);
        }

        return hold.Release is { } first && first.RequestId == release.RequestId && first.By == release.By
            ? new HoldOutcome.Done(hold, isNew)
            : new HoldOutcome.Refused($"The hold '{hold.Id}' was released by {hold.Release!.By} at {hold.Release.At}.");
    }

    /// <summary>It was over so long ago that it is not listed any more.</summary>
    internal static bool IsForgotten(Hold hold, UtcInstant now) => hold.OverAt(now) + Kept <= now;

    static HoldOutcome Judge(Hold known, Hold asked, HoldTime until, bool isNew) =>
        known.Scope == asked.Scope && known.Reason == asked.Reason && known.By == asked.By && until.IsOf(known)
            ? new HoldOutcome.Done(known, isNew)
            : new HoldOutcome.Refused($"There is a hold '{known.Id}' on {known.Scope} by {known.By} since {known.Since}, which is another one: name this one otherwise, or leave its name out.");

    async Task<Hold> ReadAsync(string id, Func<Hold, bool> isAsAsked, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            return (await service.Holds.WaitAsync(holds => holds.Find(id) is { } hold && isAsAsked(hold), patience.Token)).Find(id)!;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new EnvironmentFailedException($"What was asked of the hold '{id}' is in the log and will be carried out, but this instance has not read it within {Patience.TotalSeconds} s: ask again with the same requestId");
        }
    }

    IEnumerable<Hold> Old(HoldSet holds)
    {
        var now = Now;
        return holds.All.Where(hold => IsForgotten(hold, now)).Take(MostCleared);
    }

    /// <summary>Writes what stands or was just released, and a deletion of what was over long ago.</summary>
    void Write(IEnumerable<Hold> holds)
    {
        var (commit, now, format) = (new LogCommit(), Now, service.Messages.Formats.Holds());
        foreach (var hold in holds)
        {
            var (id, value, batch) = (Encoding.UTF8.GetBytes(hold.Id), new ByteBuffer(), new RecordBatch());
            format.Write(hold, new(value));
            var isGone = IsForgotten(hold, now);
            batch.Add(now.Microseconds / 1_000, keyIsNull: false, id, valueIsNull: isGone, isGone ? [] : value.Written, []);
            commit.Outputs.Add((new(service.OwnTopic(Topics.Holds), Murmur2.Partition(id, service.Partitions)), batch));
        }

        service.Operators.Write(commit);
    }
}
