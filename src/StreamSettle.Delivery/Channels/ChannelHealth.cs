namespace StreamSettle.Delivery.Channels;

/// <summary>What may go to a system now, and what keeps the rest. A closed family: whoever asks says what each case means to it.</summary>
public abstract record ChannelHealth
{
    ChannelHealth()
    {
    }

    /// <summary>As much goes as concurrency and budget allow.</summary>
    public sealed record Open : ChannelHealth
    {
        internal static Open Instance { get; } = new();
    }

    /// <summary>Too many errors: calls of key accounts go on, of the others single ones as probes.</summary>
    public sealed record Degraded : ChannelHealth
    {
        internal static Degraded Instance { get; } = new();
    }

    /// <summary>Nothing but errors: one probe at a time.</summary>
    public sealed record Away : ChannelHealth
    {
        internal static Away Instance { get; } = new();
    }

    /// <summary>One request at a time: before a system's first answer nobody knows what it bears.</summary>
    public sealed record Untried : ChannelHealth
    {
        internal static Untried Instance { get; } = new();
    }

    /// <summary>Nothing goes for a time, as the system said.</summary>
    public abstract record Waiting : ChannelHealth
    {
        private protected Waiting(TimeSpan time) => For = time;

        /// <summary>From now on.</summary>
        public TimeSpan For { get; }
    }

    /// <summary>It asked for a pause: what waits to be sent is given back.</summary>
    public sealed record Paused(TimeSpan For) : Waiting(For);

    /// <summary>It has no requests left for us: what waits to be sent stays.</summary>
    public sealed record Exhausted(TimeSpan For) : Waiting(For);

    /// <summary>It answered 401: nothing but a probe goes to it.</summary>
    public abstract record CredentialsRefused : ChannelHealth
    {
        private protected CredentialsRefused()
        {
        }
    }

    /// <summary>The next request is the probe.</summary>
    public sealed record ProbeDue : CredentialsRefused
    {
        internal static ProbeDue Instance { get; } = new();
    }

    /// <summary>The probe's time has not come, or it is under way: what waits to be sent is given back.</summary>
    public sealed record ProbeAwaited : CredentialsRefused
    {
        internal static ProbeAwaited Instance { get; } = new();
    }

    /// <summary>Nothing more is started: what waits to be sent is given back, what is under way ends.</summary>
    public sealed record Stopping : ChannelHealth
    {
        internal static Stopping Instance { get; } = new();
    }
}
