using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Configuration;

/// <summary>The section <c>Audit:Seal</c>: by which key events are sealed, how often, and by which public keys seals are checked.</summary>
static class SealOptionsReader
{
    const string Section = "Audit:Seal";

    /// <summary>A key has a few hundred bytes: whoever names another file would have it all read.</summary>
    const int MaxFileBytes = 64 * 1024;

    /// <summary>Null where no key is configured: then nothing is sealed.</summary>
    public static SealOptions? Read(ConfigurationReader reader)
    {
        PublicKeys(reader);
        var (name, interval, events) = (reader.Text($"{Section}:Name"), reader.Text($"{Section}:Interval"), reader.Text($"{Section}:Events"));
        if (Key(reader, name) is not { } key)
        {
            if ((name ?? interval ?? events) is not null)
            {
                reader.Add($"{Section} has settings, but no key: set {Section}:KeyFile to the file of the private key by which events are sealed, or remove them.");
            }

            return null;
        }

        var defaults = new SealOptions { Key = key };
        var options = defaults with
        {
            Interval = reader.Duration($"{Section}:Interval", defaults.Interval),
            Events = reader.Whole($"{Section}:Events", defaults.Events),
        };
        reader.Add(options.Problems(Section));
        return options;
    }

    /// <summary>The keys that seals are checked by: public ones by name, and the public half of the service's own.</summary>
    public static IReadOnlyList<SealKey> Known(ConfigurationReader reader)
    {
        var keys = PublicKeys(reader);
        return Key(reader, reader.Text($"{Section}:Name")) is { } own && keys.All(key => key.Id != own.Id) ? [.. keys, own] : keys;
    }

    /// <summary>A key of a file.</summary>
    /// <param name="name">Null for its fingerprint.</param>
    /// <exception cref="UserMistakeException">There is none in it.</exception>
    public static SealKey ReadFile(string? name, string file)
    {
        try
        {
            return new FileInfo(file).Length > MaxFileBytes
                ? throw new UserMistakeException($"'{file}' is no key: it has more than {MaxFileBytes} bytes.")
                : SealKey.Read(name, File.ReadAllText(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserMistakeException($"'{file}' cannot be read: {failure.Message}", failure);
        }
    }

    static SealKey? Key(ConfigurationReader reader, string? name)
    {
        var (text, file) = (reader.Text($"{Section}:Key"), reader.FilePath($"{Section}:KeyFile"));
        if (text is not null && file is not null)
        {
            reader.Add($"{Section}:Key and {Section}:KeyFile are both set: keep one.");
            return null;
        }

        return text is not null ? Try(reader, $"{Section}:Key", () => SealKey.Read(name, text)) : file is not null ? Try(reader, $"{Section}:KeyFile", () => ReadFile(name, file)) : null;
    }

    static IReadOnlyList<SealKey> PublicKeys(ConfigurationReader reader)
    {
        List<SealKey> keys = [];
        foreach (var (name, file) in reader.Named($"{Section}:PublicKeys"))
        {
            if (string.IsNullOrWhiteSpace(file))
            {
                reader.Add($"{Section}:PublicKeys:{name} must name the file of a public key, but is empty.");
            }
            else if (Try(reader, $"{Section}:PublicKeys:{name}", () => ReadFile(name, file)) is { } key)
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    static SealKey? Try(ConfigurationReader reader, string setting, Func<SealKey> read)
    {
        try
        {
            return read();
        }
        catch (UserMistakeException mistake)
        {
            reader.Add($"{setting}: {mistake.Message}");
            return null;
        }
    }
}
