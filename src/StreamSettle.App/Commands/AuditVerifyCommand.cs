using System.CommandLine;
using System.Globalization;
using System.Text;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;
using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary><c>audit verify</c>: recomputes every hash and checks every seal. Reads the event log, with the auditor's rights; the service need not run.</summary>
static class AuditVerifyCommand
{
    /// <summary>A seal has less than a kilobyte.</summary>
    const int MaxSealBytes = 64 * 1024;

    public static Command Create()
    {
        var against = new Option<FileInfo[]>("--against") { Description = "A seal that was exported ('audit seal') and kept elsewhere: it must still be there, unaltered. May be repeated." };
        var (keys, evidence, config) = (new SealKeyOptions(), new EvidenceOptions(), ConfigurationOf.ConfigOption());
        var command = new Command("verify", "Recomputes every hash of the event log and checks every seal: 0 when all is as it was sealed, 2 with the first place that is not.") { against, config };
        keys.AddTo(command);
        evidence.AddTo(command);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var configuration = ConfigurationOf.ReadStrictly(parsed, config);
            var options = EventLogOptions.Read(configuration);
            var known = keys.Read(parsed, configuration);
            SignedSeal[] exported = [.. (parsed.GetValue(against) ?? []).Select(file => ReadSeal(file.FullName, known))];
            using var checking = evidence.Open(parsed, configuration);

            // Before the seals are read, so that every seal that was given to notaries is among them.
            await using var notarised = new NotarisationVerifier(options);
            var notarisations = await notarised.VerifyAsync(checking.Check, stop);
            await using var verifier = new EventLogVerifier(options);
            var verdict = await verifier.VerifyAsync(known, exported, stop);
            Console.Write(TerminalText.Wrap(Text(verdict, exported.Length) + NotarisationText.Of(notarisations), TerminalText.OutputWidth, 2));
            return verdict.IsSound && notarisations.Breaks.Count == 0 ? ExitCodes.Done : ExitCodes.Found;
        }));
        return command;
    }

    /// <exception cref="UserMistakeException">It is no seal, or none of a known key.</exception>
    public static SignedSeal ReadSeal(string file, IReadOnlyList<SealKey> known)
    {
        try
        {
            var one = new FileInfo(file).Length > MaxSealBytes
                ? throw new UserMistakeException($"'{file}' is no seal: it has more than {MaxSealBytes} bytes.")
                : SignedSeal.Read(File.ReadAllText(file, Encoding.UTF8), $"'{file}'");
            return SealKey.Problem(one.Seal, one.Signature.Span, known) is { } problem ? throw new UserMistakeException($"'{file}' cannot be held against the event log: {problem}.") : one;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserMistakeException($"'{file}' cannot be read: {failure.Message}", failure);
        }
    }

    static string Text(LogVerdict verdict, int exported)
    {
        var text = new StringBuilder();
        foreach (var one in verdict.Breaks)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"broken: {FailureText.OneLine(one.ToString())}");
        }

        if (verdict is { Last: null, Breaks.Count: 0 })
        {
            text.AppendLine("not proven: the event log has no seals. Set Audit:Seal:KeyFile, and the service seals what there is and what comes");
        }
        else
        {
            var state = verdict.IsSound ? "sound" : "in order before that";
            text.AppendLine(CultureInfo.InvariantCulture, $"{state}: {verdict.Events} events are as they were sealed, by {verdict.Seals} seals{(verdict.Last is { } last ? $"; the last of them is of {last.SealedAt}, by key '{last.Key}'" : "")}");
        }

        if (verdict.IsSound && exported > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"unaltered: {exported} exported seals are among them");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"not sealed{(verdict.IsSound ? " yet" : "")}: {verdict.NotSealed} events behind them, of which nothing is proven");
        foreach (var column in verdict.OtherColumns)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not covered: the column {FailureText.OneLine(column)} of the events' table is in no seal");
        }

        return text.ToString();
    }
}
