namespace StreamSettle.Tests.Links;

/// <summary>What a link does with what comes in.</summary>
public enum LinkTraffic
{
    /// <summary>Goes through, as slowly as the link is told to be.</summary>
    Passes,

    /// <summary>Nothing is read, so that senders fill their buffers and hear nothing; what waits goes on when the link heals, as after a cable was pulled for a while.</summary>
    Stalls,

    /// <summary>New connections are accepted, all that is sent is taken, and nothing ever comes back: a black hole. Connections that lost something are reset when the link heals.</summary>
    Swallowed,

    /// <summary>Nobody listens.</summary>
    Refused,
}
