using StreamSettle.Audit.Encryption;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Configuration;

/// <summary>The section <c>Audit:Encryption</c>: the master keys of personal data, and by which of them new keys are wrapped.</summary>
static class EncryptionOptionsReader
{
    const string Section = "Audit:Encryption";

    /// <summary>Instead of a key's name: nothing more is to be encrypted.</summary>
    const string Off = "off";

    /// <summary>Whoever names another file would have it all read.</summary>
    const int MaxFileBytes = 4 * 1024;

    public static KeyRing Read(ConfigurationReader reader)
    {
        List<MasterKey> keys = [];
        foreach (var (name, value) in reader.Named($"{Section}:MasterKeys", "KeyFile", "Key"))
        {
            var setting = $"{Section}:MasterKeys:{name}";
            if (value is not null)
            {
                reader.Add($"{setting} must not be a value: set {setting}:KeyFile to the file of the key, or {setting}:Key to the key itself.");
            }
            else if (Text(reader, setting) is { } text && Try(reader, setting, () => MasterKey.Read(name, text)) is { } key)
            {
                keys.Add(key);
            }
        }

        var current = reader.Text($"{Section}:Current");
        var isOff = Off.Equals(current, StringComparison.OrdinalIgnoreCase);
        return Try(reader, $"{Section}:Current", () => new KeyRing(keys, isOff ? null : current, isOff)) ?? new(keys);
    }

    static string? Text(ConfigurationReader reader, string setting)
    {
        var (text, file) = (reader.Text($"{setting}:Key"), reader.FilePath($"{setting}:KeyFile"));
        if (text is null == file is null)
        {
            reader.Add($"{setting} needs one of KeyFile (a file with 32 random bytes as Base64) and Key (the same itself), but has {(text is null ? "none" : "both")}.");
            return null;
        }

        return text ?? Try(reader, $"{setting}:KeyFile", () => ReadFile(file!));
    }

    static string ReadFile(string file)
    {
        try
        {
            return new FileInfo(file).Length > MaxFileBytes ? throw new UserMistakeException($"'{file}' is no key: it has more than {MaxFileBytes} bytes.") : File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserMistakeException($"'{file}' cannot be read: {failure.Message}", failure);
        }
    }

    static T? Try<T>(ConfigurationReader reader, string setting, Func<T> read)
        where T : class
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
