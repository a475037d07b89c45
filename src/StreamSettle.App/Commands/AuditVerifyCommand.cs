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
        var without = new Option<bool>("--without-notaries") { Description = "Notarisations are not looked at, and nothing is said of them." };
        var command = new Command("verify", "Recomputes every hash of the event log and checks every seal: 0 when all is as it was sealed, 2 with the first place that is not, 1 or 3 when something could not be checked.") { against, without, config };
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
            var notarisations = parsed.GetValue(without) ? null : await notarised.VerifyAsync(checking.Check, stop);
            await using var verifier = new EventLogVerifier(options);
            var verdict = await verifier.VerifyAsync(known, exported, stop);
            Console.Write(TerminalText.Wrap(Text(verdict, exported.Length) + (notarisations is null ? "not looked at: notarisations\n" : NotarisationText.Of(notarisations)), TerminalText.OutputWidth, 2));
            return verdict is { IsSound: true, Unguarded.Count: 0 } && notarisations is null or { Breaks.Count: 0 } ? WholeOrNot(verdict, notarisations) : ExitCodes.Found;
        }));
        return command;
    }

    /// <summary>What could not be checked is never taken as fine.</summary>
    static int WholeOrNot(LogVerdict verdict, NotarisationVerdict? notarisations)
    {
        var open = (notarisations?.Notaries ?? []).Where(one => one.NotChecked > 0).ToList();
        if (verdict.Unread.Count == 0 && open.Count == 0 && notarisations?.Unread is null)
        {
            return ExitCodes.Done;
        }

        const string told = "Nothing is broken as far as was looked, but not all could be checked: see 'not checked' above";
        return verdict.Unread.Count == 0 && open.Count > 0 && open.TrueForAll(one => one.IsAway)
            ? throw new EnvironmentFailedException($"{told}.")
            : throw new UserMistakeException($"{told} for what to give{(open.Count > 0 ? ", or leave notaries out by --without-notaries" : "")}.");
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
        foreach (var one in verdict.Unguarded)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"unguarded: {FailureText.OneLine(one)}");
        }

        foreach (var one in verdict.Unread)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not checked: {FailureText.OneLine(one)}");
        }

        foreach (var column in verdict.OtherColumns)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not covered: the column {FailureText.OneLine(column)} of the events' table is in no seal");
        }

        return text.ToString();
    }
}
