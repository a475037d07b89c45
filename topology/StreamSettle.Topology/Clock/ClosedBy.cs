namespace StreamSettle.Topology.Clock;

/// <summary>What keeps the <see cref="FiringGate"/> closed.</summary>
public enum ClosedBy
{
    /// <summary>Since the start the source has not been read yet up to where it stands.</summary>
    Start,

    /// <summary>The source has not been heard from for longer than it may be silent.</summary>
    Silence,

    /// <summary>The source has been heard from again and is being read up to where it stands.</summary>
    CatchingUp,

    /// <summary>The source cannot be reached.</summary>
    SourceLost,

    /// <summary>The source is reached, but says or shows that it cannot be followed.</summary>
    SourceUnfit,

    /// <summary>A change of the source cannot be read before the schema registry has answered.</summary>
    SchemaUnknown,

    /// <summary>A due order is altered again and again, so that what is known of it is never known to be the end of a transaction.</summary>
    RestlessOrder,

    /// <summary>The wall clock jumped against the monotonic one.</summary>
    ClockJump,

    /// <summary>The event log is too far behind.</summary>
    Pressure,
}
