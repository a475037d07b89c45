using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Encryption;

/// <summary>The master keys that a program has been given, and by which of them it wraps.</summary>
public sealed class KeyRing
{
    readonly Dictionary<string, MasterKey> keys;

    /// <param name="current">The name of the key by which new merchants' keys are wrapped; null for a ring that only reads.</param>
    /// <param name="isOff">What is written from now on is to be readable by everybody, although the log may have encrypted fields.</param>
    /// <exception cref="UserMistakeException">Two keys have one name, or none has <paramref name="current"/>.</exception>
    public KeyRing(IReadOnlyCollection<MasterKey> keys, string? current = null, bool isOff = false)
    {
        if (keys.GroupBy(key => key.Id).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UserMistakeException($"There are two master keys named '{twice.Key}': give another key another name.");
        }

        this.keys = keys.ToDictionary(key => key.Id, StringComparer.Ordinal);
        Current = current is null ? null
            : this.keys.GetValueOrDefault(current) ?? throw new UserMistakeException($"There is no master key '{current}' ({Names}): give it, or name one of those.");
        IsOff = isOff;
    }

    /// <summary>No keys: encrypted fields stay closed.</summary>
    public static KeyRing None { get; } = new([]);

    /// <summary>By it new keys are wrapped; null where nothing is encrypted.</summary>
    public MasterKey? Current { get; }

    /// <summary>It is not empty.</summary>
    public bool HasKeys => keys.Count > 0;

    /// <summary>Somebody has said that nothing more is to be encrypted.</summary>
    public bool IsOff { get; }

    /// <summary>For messages.</summary>
    public string Names => keys.Count == 0 ? "there are none" : $"there are {string.Join(", ", keys.Keys.Order(StringComparer.Ordinal).Select(id => $"'{id}'"))}";

    /// <summary>The key of a name; null where it was not given.</summary>
    public MasterKey? Find(string id) => keys.GetValueOrDefault(id);
}
