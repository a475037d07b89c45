namespace StreamSettle.Streams.Processors;

/// <summary>Which time drives a punctuation, as in Kafka Streams.</summary>
public enum PunctuationType
{
    /// <summary>The task's stream time: advances with records only; fires at most once a record.</summary>
    StreamTime,

    /// <summary>Real time: fires also when no input comes. Its intervals are measured by the monotonic clock, its punctuators are told the wall clock's time.</summary>
    WallClockTime,
}
