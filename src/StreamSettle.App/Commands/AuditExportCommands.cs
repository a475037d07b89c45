using System.CommandLine;
using StreamSettle.App.Running;
using StreamSettle.App.Configuration;
using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.App.Commands;

/// <summary><c>audit seal</c>, <c>audit export</c> and <c>audit check</c>: what an auditor takes along, and checks where the platform is not.</summary>
static class AuditExportCommands
{
    /// <summary>An order has few events: what is larger is no proof of one.</summary>
    const int MaxProofBytes = 64 * 1024 * 1024;

    public static Command Seal()
    {
        var (keys, output, config) = (new SealKeyOptions(), new OutputFile(), ConfigurationOf.ConfigOption());
        var command = new Command("seal", "Writes the newest seal of the event log, to be kept elsewhere and given to 'audit verify --against' later.") { config };
        keys.AddTo(command);
        output.AddTo(command);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var configuration = ConfigurationOf.ReadStrictly(parsed, config);
            var known = keys.Read(parsed, configuration);
            await using var verifier = new EventLogVerifier(EventLogOptions.Read(configuration));
            if (await verifier.NewestSealAsync(stop) is not { } newest)
            {
                throw new UserMistakeException("The event log has no seals: set Audit:Seal:KeyFile for the service.");
            }

            if (SealKey.Problem(newest.Seal, newest.Signature.Span, known) is { } problem)
            {
                return Broken(problem);
            }

            output.Write(parsed, newest.ToString(), $"seal {newest.Seal.Number} of {newest.Seal.SealedAt}, over {newest.Seal.Events} events");
            return ExitCodes.Done;
        }));
        return command;
    }

    public static Command Export()
    {
        var order = new Argument<long?>("ORDER") { Description = "The order's primary key in the source.", Arity = ArgumentArity.ZeroOrOne };
        var since = new Option<FileInfo?>("--since") { Description = "Instead of an order: an exported seal. Proves that the newest one has the same events, and more." };
        var (keys, output, config) = (new SealKeyOptions(), new OutputFile(), ConfigurationOf.ConfigOption());
        var command = new Command("export", "Writes an order's events with the proof that they were in the event log when it was sealed, or that a seal's events are the first of the newest seal's.") { order, since, config };
        keys.AddTo(command);
        output.AddTo(command);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var configuration = ConfigurationOf.ReadStrictly(parsed, config);
            var (id, older) = (parsed.GetValue(order), parsed.GetValue(since));
            if (id is null == older is null)
            {
                throw new UserMistakeException("Give either an order, 'audit export 42', or an exported seal, 'audit export --since FILE'.");
            }

            await using var proofs = new OrderProofs(EventLogOptions.Read(configuration));
            try
            {
                var (file, told) = id is { } one ? await OfOrderAsync(proofs, new(one), stop)
                    : (await proofs.OfSealsAsync(AuditVerifyCommand.ReadSeal(older!.FullName, keys.Read(parsed, configuration)), stop), "the newest seal has the events of the older one, and more");
                output.Write(parsed, $"{file}\n", told);
                return ExitCodes.Done;
            }
            catch (CorruptStateException broken)
            {
                return Broken(broken.Message);
            }
        }));
        return command;
    }

    public static Command Check()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "What 'audit export' wrote." };
        var (keys, evidence) = (new SealKeyOptions(), new EvidenceOptions());
        var without = new Option<bool>("--without-notaries") { Description = "What notaries gave is not looked at, and nothing is said of it." };
        var command = new Command("check", "Checks an exported proof by itself and public keys alone: no database, no service.") { file, without };
        keys.AddTo(command);
        evidence.AddTo(command);
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var known = keys.Read(parsed, configuration: null);
            var proof = ProofFile.Read(await TextAsync(parsed.GetValue(file)!.FullName, stop), $"'{parsed.GetValue(file)}'");
            if (ProofCheck.Problem(proof, known) is { } problem)
            {
                return Broken(problem);
            }

            var seal = SignedSeal.Read(proof.Seal, "the file's seal").Seal;
            using var checking = evidence.Open(parsed, configuration: null);
            var (isBroken, open, notarised) = await ProvenNotarisations.CheckAsync(parsed.GetValue(without) ? proof with { Notarisations = null } : proof, checking.Check, stop);
            if (isBroken)
            {
                Console.Write(TerminalText.Wrap(notarised, TerminalText.OutputWidth, 2));
                return ExitCodes.Found;
            }

            Console.WriteLine($"sound: {(proof.Events is { } events ? $"{events.Count} events of order {FailureText.OneLine(proof.Order!)} are as they were sealed" : "the newer seal has what the older one had, and more")}, by seal {seal.Number} of {seal.SealedAt}");
            Console.Write(TerminalText.Wrap(notarised, TerminalText.OutputWidth, 2));
            const string told = "Nothing in the file is broken as far as was looked, but not all notarisations could be checked: see 'not checked' above";
            return open switch
            {
                null => ExitCodes.Done,
                { IsAway: true } => throw new EnvironmentFailedException($"{told}."),
                _ => throw new UserMistakeException($"{told} for what to give, or leave them out by --without-notaries."),
            };
        }));
        return command;
    }

    static async Task<(ProofFile File, string Told)> OfOrderAsync(OrderProofs proofs, OrderId order, CancellationToken stop)
    {
        var (file, notSealed) = await proofs.OfOrderAsync(order, stop);
        if (notSealed > 0)
        {
            await Console.Error.WriteLineAsync($"streamsettle: {notSealed} further events of the order are not sealed yet, and not in the file");
        }

        return (file, $"{file.Events!.Count} events of order {order} with their proofs");
    }

    static async Task<string> TextAsync(string file, CancellationToken stop)
    {
        try
        {
            return new FileInfo(file).Length > MaxProofBytes
                ? throw new UserMistakeException($"'{file}' is no proof: it has more than {MaxProofBytes} bytes.")
                : await File.ReadAllTextAsync(file, stop);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserMistakeException($"'{file}' cannot be read: {failure.Message}", failure);
        }
    }

    static int Broken(string problem)
    {
        Console.WriteLine(TerminalText.Wrap($"broken: {FailureText.OneLine(problem)}", TerminalText.OutputWidth, 2));
        return ExitCodes.Found;
    }
}
