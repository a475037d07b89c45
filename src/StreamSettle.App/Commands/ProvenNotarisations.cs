using System.Globalization;
using System.Text;
using StreamSettle.App.Running;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.App.Commands;

/// <summary>What <c>audit check</c> says of the notarisations in a file.</summary>
static class ProvenNotarisations
{
    /// <param name="file">Of which <see cref="ProofCheck"/> has found that its notarisations are of what is in it.</param>
    /// <returns>Whether something does not hold, what was not checked, and what is said.</returns>
    public static async Task<(bool IsBroken, EvidenceVerdict.NotChecked? Open, string Told)> CheckAsync(ProofFile file, IEvidenceCheck check, CancellationToken stop)
    {
        var (text, isBroken, open) = (new StringBuilder(), false, (EvidenceVerdict.NotChecked?)null);
        foreach (var one in file.Notarisations ?? [])
        {
            var statement = Notarisation.Read(one.Statement)!;
            foreach (var given in one.Given)
            {
                var verdict = await check.CheckAsync(given.Notary, statement.Digest, given.Evidence, stop);
                isBroken |= verdict is EvidenceVerdict.Broken;
                open = verdict is EvidenceVerdict.NotChecked unknown && open is not { IsAway: false } ? unknown : open;
                text.AppendLine(Line(statement.SubjectText, FailureText.OneLine(given.Notary), verdict));
            }
        }

        return (isBroken, open, text.ToString());
    }

    static string Line(string subject, string notary, EvidenceVerdict verdict) => verdict switch
    {
        EvidenceVerdict.Sound sound => string.Create(CultureInfo.InvariantCulture, $"notarised: {subject} by {notary} ({FailureText.OneLine(sound.By)}) at {sound.At}"),
        EvidenceVerdict.Broken { Problem: var problem } => $"broken: {subject} by {notary}: {FailureText.OneLine(problem)}",
        EvidenceVerdict.NotChecked { Remedy: var remedy } => $"not checked: {subject} by {notary}: {FailureText.OneLine(remedy)}",
        var other => throw new InvalidOperationException($"unknown verdict {other}"),
    };
}
