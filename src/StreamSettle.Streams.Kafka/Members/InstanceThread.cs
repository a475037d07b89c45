using Confluent.Kafka;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Kafka.Stores;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Members;

/// <summary>
/// What an instance does beside its stream threads: hears the others and says that it is there, follows changelogs as a standby, clears away copies that nobody
/// has needed for a while. A failure of it is told and tried again; the work goes on without.
/// </summary>
internal sealed class InstanceThread : IDisposable
{
    const int ReadWaitMs = 250;

    static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    static readonly TimeSpan ClearIntervalMax = TimeSpan.FromMinutes(1);

    readonly KafkaParts parts;
    readonly StandbyCopies standbys;
    readonly RecordReader reader;
    readonly Thread thread;
    readonly ManualResetEventSlim stopping = new();
    long lastBeat;
    long lastClear;
    long opened;

    public InstanceThread(KafkaParts parts)
    {
        this.parts = parts;
        standbys = new(parts.Copy, parts.Owners, parts.Options, parts.Logger);
        reader = parts.Settings.Follower(parts.Options.ApplicationId, "instance");
        thread = new(Run) { Name = $"{parts.Options.ApplicationId}-instance", IsBackground = true };
    }

    public void Start()
    {
        reader.Add(new(MemberTable.TopicOf(parts.Options.ApplicationId), 0), -1, parts.Members);
        parts.Self.Begin();
        parts.Self.Say();
        lastBeat = lastClear = opened = parts.Time.GetTimestamp();
        thread.Start();
    }

    /// <summary>Ends the thread and says that the instance leaves.</summary>
    public void Dispose()
    {
        if (thread.IsAlive)
        {
            stopping.Set();
            reader.Wake();
            thread.Join();
            parts.Self.Leave();
        }

        reader.Dispose();
        stopping.Dispose();
    }

    void Run()
    {
        while (!stopping.IsSet)
        {
            try
            {
                RunOnce();
            }
            catch (Exception failed) when (failed is KafkaException or TransactionAbortedException or EnvironmentFailedException or CorruptStateException)
            {
                parts.Logger.InstanceThreadFails(failed.Message);
                stopping.Wait(FailurePause);
            }
        }
    }

    void RunOnce()
    {
        reader.Read(parts.Members, ReadWaitMs);
        standbys.Write();
        standbys.Release(reader);
        if (parts.Self.IsChanged || parts.Time.GetElapsedTime(lastBeat) >= MemberTable.Beat)
        {
            lastBeat = parts.Time.GetTimestamp();
            parts.Self.Say();
            FollowOthers();
        }

        var clearInterval = parts.Options.CopyCleanupDelay < ClearIntervalMax ? parts.Options.CopyCleanupDelay : ClearIntervalMax;
        if (parts.Time.GetElapsedTime(lastClear) >= clearInterval)
        {
            lastClear = parts.Time.GetTimestamp();
            ClearAbandoned();
        }
    }

    /// <summary>Looked at with each beat: who fell silent has said nothing of it.</summary>
    void FollowOthers()
    {
        if (parts.Options.Standbys > 0)
        {
            standbys.Adjust(reader, parts.Members.OthersTasks());
        }
    }

    /// <summary>Not before the groups have had the time to give this instance back what it had.</summary>
    void ClearAbandoned()
    {
        if (parts.Time.GetElapsedTime(opened) < parts.Options.CopyCleanupDelay)
        {
            return;
        }

        var followed = standbys.Followed.ToHashSet();
        foreach (var (store, changelog) in parts.Copy.Abandoned(parts.Options.ApplicationId, parts.Options.CopyCleanupDelay).Where(part => !followed.Contains(part.Changelog)))
        {
            parts.Owners.IfFree(changelog, () =>
            {
                parts.Copy.Clear(store, changelog.Partition, changelog);
                parts.Logger.CopyCleared(changelog.Topic, changelog.Partition);
            });
        }
    }
}
