using StreamSettle.Kernel.Time;

namespace StreamSettle.Streams.Tasks;

/// <summary>
/// The schedules of one task and one kind of time, by the rules of Kafka Streams' <c>PunctuationQueue</c>: each fires at most once a
/// call, with the time of the call; missed intervals are skipped and the next one is aligned to the first. Times in µs: stream time since the epoch, or the
/// monotonic clock's, so that a wall clock that is set neither silences a schedule nor fires it.
/// </summary>
sealed class PunctuationSchedules
{
    readonly List<Schedule> schedules = [];

    /// <summary>When the next one is due, µs; <see cref="long.MaxValue"/> when none is.</summary>
    public long NextDueUs { get; private set; } = long.MaxValue;

    /// <summary>The first instant after <paramref name="nowUs"/> that is so much later than a multiple of the interval, µs.</summary>
    public static long NextOf(TimeSpan interval, long phaseUs, long nowUs)
    {
        var intervalUs = interval.Ticks / TimeSpan.TicksPerMicrosecond;
        var phase = phaseUs % intervalUs;
        return phase + ((nowUs - phase) / intervalUs + (nowUs >= phase ? 1 : 0)) * intervalUs;
    }

    public IDisposable Add(long firstUs, TimeSpan interval, Action<UtcInstant> punctuator)
    {
        var schedule = new Schedule(this, interval.Ticks / TimeSpan.TicksPerMicrosecond, punctuator) { DueUs = firstUs };
        schedules.Add(schedule);
        FindNext();
        return schedule;
    }

    /// <summary>Fires what is due at <paramref name="nowUs"/>, earliest first; true when something fired.</summary>
    /// <param name="at">What punctuators are told.</param>
    public bool Punctuate(long nowUs, UtcInstant at)
    {
        var fired = false;
        while (Earliest() is { } due && due.DueUs <= nowUs)
        {
            due.DueUs += due.IntervalUs;
            if (due.DueUs <= nowUs)
            {
                due.DueUs += ((nowUs - due.DueUs) / due.IntervalUs + 1) * due.IntervalUs;
            }

            due.Punctuator(at);
            fired = true;
        }

        FindNext();
        return fired;
    }

    Schedule? Earliest()
    {
        Schedule? earliest = null;
        foreach (var schedule in schedules)
        {
            if (earliest is null || schedule.DueUs < earliest.DueUs)
            {
                earliest = schedule;
            }
        }

        return earliest;
    }

    void FindNext() => NextDueUs = Earliest()?.DueUs ?? long.MaxValue;

    sealed class Schedule(PunctuationSchedules owner, long intervalUs, Action<UtcInstant> punctuator) : IDisposable
    {
        public long IntervalUs { get; } = intervalUs;

        public Action<UtcInstant> Punctuator { get; } = punctuator;

        public required long DueUs { get; set; }

        public void Dispose()
        {
            owner.schedules.Remove(this);
            owner.FindNext();
        }
    }
}
