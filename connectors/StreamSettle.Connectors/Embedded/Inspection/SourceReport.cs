using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>The source as a start would find it.</summary>
/// <param name="IsFirstStart">The tables are still to be copied.</param>
/// <param name="Slot">The replication slot that is, or will be, read by.</param>
/// <param name="Findings">Empty when nothing stands in the way.</param>
public sealed record SourceReport(bool IsFirstStart, string Slot, IReadOnlyList<SourceFinding> Findings)
{
    /// <exception cref="UserMistakeException">There are findings: each message once, one a line.</exception>
    public SourceReport Refuse() => Findings.Count == 0 ? this : throw new UserMistakeException(string.Join(Environment.NewLine, Findings.Select(finding => finding.Message).Distinct()));
}
