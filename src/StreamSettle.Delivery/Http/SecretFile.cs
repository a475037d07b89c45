using StreamSettle.Kernel.Failures;

namespace StreamSettle.Delivery.Http;

/// <summary>
/// A file with a secret that may be replaced while the service runs, by another file of its name or by another target of its link. What is read is compared, not
/// its times: those of a link say nothing of what it leads to. A file that is empty or cannot be read for a moment leaves the value before in use.
/// </summary>
/// <param name="key">The configuration key, for messages: neither value nor path is told.</param>
/// <param name="problemOf">What makes a text useless; null for none.</param>
internal sealed class SecretFile(string key, string path, Func<string, string?>? problemOf = null)
{
    byte[] content = [];

    internal string Key => key;

    internal ReadOnlySpan<byte> Content => content;

    /// <summary>Text without its last line break.</summary>
    internal string Text => TextOf(content);

    /// <summary>What is wrong with the file, when last looked at; null where nothing.</summary>
    internal string? Trouble { get; private set; }

    /// <summary>Reads it for the first time.</summary>
    /// <exception cref="UserMistakeException">It cannot be read, is empty, or holds what cannot be used.</exception>
    internal SecretFile Open()
    {
        Refresh();
        return Trouble is null ? this : throw new UserMistakeException($"{key} must name a file that can be read and used, but {Trouble}. Check the path, what is there, and who may read it.");
    }

    /// <summary>Reads it anew.</summary>
    /// <returns>Whether it holds something else now.</returns>
    internal bool Refresh()
    {
        try
        {
            var read = File.ReadAllBytes(path);
            Trouble = read.AsSpan().Trim(" \r\n\t"u8).IsEmpty ? "it is empty" : problemOf?.Invoke(TextOf(read));
            if (Trouble is not null || read.AsSpan().SequenceEqual(content))
            {
                return false;
            }

            content = read;
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Not the failure's text, which holds the path: whoever put the secret itself there would find it in the log.
            Trouble = $"reading it failed with {failure.GetType().Name}";
            return false;
        }
    }

    static string TextOf(byte[] content) => System.Text.Encoding.UTF8.GetString(content).TrimEnd('\r', '\n');
}
