using System.CommandLine;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary>The options of a command that asks the running service: where it is, and the key.</summary>
sealed class ApiOptions
{
    const string DefaultUrl = "http://127.0.0.1:8787";
    const string KeyVariable = "STREAMSETTLE_KEY";

    readonly Option<string> url = new("--url") { Description = "Address of the service; default: the first of Urls." };
    readonly Option<string> key = new("--key") { Description = "API key. Others of this machine can see it: --key-file and the environment are better." };
    readonly Option<string> keyFile = new("--key-file") { Description = $"File with the API key; default: the environment variable {KeyVariable}." };

    public void AddTo(Command command)
    {
        command.Options.Add(url);
        command.Options.Add(key);
        command.Options.Add(keyFile);
    }

    /// <exception cref="UserMistakeException">The address is none, or the key cannot be read or sent.</exception>
    public ServiceApi Open(ParseResult parsed, IConfiguration configuration) => new(Address(parsed.GetValue(url), configuration), Key(parsed, configuration));

    static Uri Address(string? given, IConfiguration configuration)
    {
        var text = given ?? configuration["Urls"]?.Split(';')[0].Trim() ?? DefaultUrl;

        // A service that listens everywhere is asked here.
        var reachable = given is null ? text.Replace("//*", "//127.0.0.1", StringComparison.Ordinal).Replace("//+", "//127.0.0.1", StringComparison.Ordinal).Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal) : text;
        return Uri.TryCreate(reachable, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Host.Length > 0
            ? address
            : throw new UserMistakeException($"{(given is null ? "Urls" : "--url")} must be an http or https address such as {DefaultUrl}, but is '{ShownUrl.Of(text)}'.");
    }

    string? Key(ParseResult parsed, IConfiguration configuration)
    {
        var (direct, file) = (parsed.GetValue(key), parsed.GetValue(keyFile));
        var secret = (direct, file) switch
        {
            (not null, not null) => throw new UserMistakeException("Give --key or --key-file, not both."),
            (_, not null) => ReadKey(file),
            _ => direct ?? configuration[KeyVariable],
        };
        return secret is null || (secret.Length > 0 && secret.All(letter => letter is >= ' ' and <= '~'))
            ? secret
            : throw new UserMistakeException($"The key{(file is null ? "" : $" in {file}")} must be one line of printable ASCII characters, but is {(secret.Length == 0 ? "empty" : "not")}.");
    }

    static string ReadKey(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserMistakeException($"--key-file must name a file that can be read: {failure.Message}", failure);
        }
    }
}
