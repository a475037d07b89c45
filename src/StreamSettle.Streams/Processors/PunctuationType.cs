namespace StreamSettle.Streams.Processors;

/// <summary>Which time drives a punctuation, as in Kafka Streams.</summary>
public enum PunctuationType
{
    /// <summary>The task's stream time: advances with records only; fires at most once a record.</summary>
    StreamTime,

    /// <summary>The wall clock: fires also when no input comes.</summary>
    WallClockTime,
}
