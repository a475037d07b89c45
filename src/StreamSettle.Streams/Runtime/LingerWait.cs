using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Runtime;

/// <summary>The wait of a thread while what is uncommitted gathers; a mailbox ends it.</summary>
sealed class LingerWait(Bell bell)
{
    // While commits gather, messages of one moment share a round; but not after one that came alone, whose sender may send the next when it is answered.
    static readonly TimeSpan SwarmWait = TimeSpan.FromMilliseconds(1);

    // Whoever waits sleeps: a wait that spins first costs more than the round that it waits for.
    readonly ManualResetEventSlim ended = new(initialState: false, spinCount: 0);

    /// <summary>The last message did not come alone.</summary>
    public bool ComeInSwarms { get; set; } = true;

    /// <summary>Ends the wait. Thread-safe.</summary>
    public void End() => ended.Set();

    public void Wait(TimeSpan left)
    {
        ended.Reset();
        if (!bell.HasRung)
        {
            ended.Wait(InWholeMs(left));
            ended.Reset();
        }

        if (bell.HasRung && ComeInSwarms)
        {
            ended.Wait(InWholeMs(left < SwarmWait ? left : SwarmWait));
        }
    }

    /// <summary>An event's wait is cut to whole milliseconds: with less than one left it would end at once, and round after round be done until that has passed.</summary>
    static TimeSpan InWholeMs(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
}
