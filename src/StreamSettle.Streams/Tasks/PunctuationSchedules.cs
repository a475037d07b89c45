using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;

namespace StreamSettle.Streams.Tasks;

/// <summary>
/// The schedules of one task and one kind of time, by the rules of Kafka Streams' <c>PunctuationQueue</c>: each fires at most once a
/// call, with the time of the call; missed intervals are skipped and the next one is aligned to the first. Times in µs: stream time since the epoch, or the
/// monotonic clock's, so that a wall clock that is set neither silences a schedule nor fires it.
/// </summary>
/// <param name="changed">Told when <see cref="NextDueUs"/> or <see cref="NextWakeUs"/> may be another one.</param>
sealed class PunctuationSchedules(Action? changed = null)
{
    readonly List<Schedule> schedules = [];

    /// <summary>When the next one is due, µs; <see cref="long.MaxValue"/> when none is.</summary>
    public long NextDueUs { get; private set; } = long.MaxValue;

    /// <summary>The same of those that are not lazy.</summary>
    public long NextWakeUs { get; private set; } = long.MaxValue;

    /// <summary>The first instant after <paramref name="nowUs"/> that is so much later than a multiple of the interval, µs.</summary>
    public static long NextOf(TimeSpan interval, long phaseUs, long nowUs)
    {
        var intervalUs = interval.Ticks / TimeSpan.TicksPerMicrosecond;
        var phase = phaseUs % intervalUs;
        return phase + ((nowUs - phase) / intervalUs + (nowUs >= phase ? 1 : 0)) * intervalUs;
    }

    public IPunctuation Add(long firstUs, TimeSpan interval, Action<UtcInstant> punctuator)
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

    void FindNext()
    {
        NextDueUs = Earliest()?.DueUs ?? long.MaxValue;
        NextWakeUs = long.MaxValue;
        foreach (var schedule in schedules)
        {
            NextWakeUs = schedule.IsLazy ? NextWakeUs : Math.Min(NextWakeUs, schedule.DueUs);
        }

        changed?.Invoke();
    }

    sealed class Schedule(PunctuationSchedules owner, long intervalUs, Action<UtcInstant> punctuator) : IPunctuation
    {
        bool isLazy;

        public bool IsLazy
        {
            get => isLazy;
            set
            {
                if (value != isLazy)
                {
                    isLazy = value;
                    owner.FindNext();
                }
            }
        }

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
