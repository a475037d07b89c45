using System.CommandLine;
using StreamSettle.App.Configuration;
using StreamSettle.Audit.Notaries.Ethereum;
using StreamSettle.Audit.Notaries.TimeStamps;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary>By what a command checks what notaries gave: <c>--trust-roots</c> and <c>--node</c>, else what is configured.</summary>
sealed class EvidenceOptions
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Option<FileInfo?> roots = new("--trust-roots") { Description = "A PEM file with the root certificates by which time stamps are trusted; no others count." };
    readonly Option<string?> node = new("--node") { Description = "The URL of an Ethereum node of your own choice (JSON-RPC), which is asked for the transactions." };

    public void AddTo(Command command)
    {
        command.Options.Add(roots);
        command.Options.Add(node);
    }

    /// <param name="configuration">Null for a command that has none.</param>
    /// <exception cref="UserMistakeException">The roots cannot be read, or the URL is none.</exception>
    public OpenedEvidence Open(ParseResult parsed, IConfiguration? configuration)
    {
        var (trusted, asked) = configuration is null ? (null, null) : Configured(configuration);
        if (parsed.GetValue(roots) is { } file)
        {
            trusted?.Dispose();
            trusted = TrustRoots.ReadFile(file.FullName);
        }

        if (parsed.GetValue(node) is { } url)
        {
            asked?.Dispose();
            asked = new(NotaryOptionsReader.ReadUrl("--node", url), null, Patience);
        }

        return new(trusted, asked);
    }

    static (TrustRoots?, EthereumNode?) Configured(IConfiguration configuration)
    {
        var reader = new ConfigurationReader(configuration);
        var configured = NotaryOptionsReader.Check(reader);
        return reader.Problems.Count == 0 ? configured : throw new UserMistakeException(string.Join(Environment.NewLine, reader.Problems));
    }
}
