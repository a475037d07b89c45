namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>One reason why the source cannot be followed, or would deliver less than all of the three tables.</summary>
/// <param name="Subject">What is not as it must be.</param>
/// <param name="Message">Cause and remedy, for the user; SQL to paste where there is some.</param>
public sealed record SourceFinding(SourceSubject Subject, string Message)
{
    /// <summary>It rests on what the state directory knows.</summary>
    internal bool NeedsState => Subject is SourceSubject.Publication or SourceSubject.Slot;
}
