using System.CommandLine;
using StreamSettle.App.Configuration;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary>By which public keys a command checks seals: <c>--key</c>, and those of the configuration.</summary>
sealed class SealKeyOptions
{
    readonly Option<string[]> keys = new("--key")
    {
        Description = "NAME=FILE: the public key that seals of that name are checked by; may be repeated. Without NAME= the name is the key's fingerprint.", AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command) => command.Options.Add(keys);

    /// <param name="configuration">Null for a command that has none.</param>
    /// <exception cref="UserMistakeException">A key cannot be read, or there is none.</exception>
    public IReadOnlyList<SealKey> Read(ParseResult parsed, IConfiguration? configuration)
    {
        var known = (parsed.GetValue(keys) ?? []).Select(One).ToList();
        if (configuration is not null)
        {
            var reader = new ConfigurationReader(configuration);
            var configured = SealOptionsReader.Known(reader);
            if (reader.Problems.Count > 0)
            {
                throw new UserMistakeException(string.Join(Environment.NewLine, reader.Problems));
            }

            known.AddRange(configured.Where(key => known.TrueForAll(given => given.Id != key.Id)));
        }

        return known.Count > 0 ? known : throw new UserMistakeException(
            "No public key is known, so no seal can be checked: give --key NAME=FILE, with the name that seals have and the PEM file of the key's public half"
            + (configuration is null ? "." : ", or set Audit:Seal:PublicKeys:NAME to that file."));
    }

    static SealKey One(string argument)
    {
        var at = File.Exists(argument) ? -1 : argument.IndexOf('=', StringComparison.Ordinal);
        return SealOptionsReader.ReadFile(at < 0 ? null : argument[..at], argument[(at + 1)..]);
    }
}
