using System.Security.Cryptography;
using System.Text;
using StreamSettle.App.Configuration;
using StreamSettle.Kernel.Addresses;

namespace StreamSettle.App.Access;

/// <summary>A configured API key: who, the SHA-256 of the key, and what it may do.</summary>
sealed record AccessKey(string Name, byte[] Hash, Role Role);

/// <summary>The API keys, <c>Access:Keys:&lt;name&gt;:Hash</c> and <c>:Role</c>. The hash is the SHA-256 of the key in hex, <c>sha256:</c> may stand before it.</summary>
/// <param name="openLocally"><c>Access:OpenLocally</c>: who asks from this machine may read without a key though there are some.</param>
sealed class AccessKeys(IReadOnlyList<AccessKey> keys, bool openLocally = false)
{
    const string Prefix = "sha256:";

    /// <summary>Without any key the service listens on loopback only, and everything but changes is open there.</summary>
    public bool Any => keys.Count > 0;

    /// <summary>This machine reads without a key.</summary>
    public bool ReadsAreOpen => !Any || openLocally;

    public static AccessKeys Read(ConfigurationReader reader)
    {
        List<AccessKey> keys = [];
        foreach (var (name, _) in reader.Named("Access:Keys", "Hash", "Role"))
        {
            var role = reader.OneOf($"Access:Keys:{name}:Role", "Viewer", "Viewer", "Auditor", "Operator", "Admin");
            if (TryReadHash(reader.Text($"Access:Keys:{name}:Hash"), out var hash))
            {
                keys.Add(new(name, hash, Enum.Parse<Role>(role)));
            }
            else
            {
                reader.Add($"Access:Keys:{name}:Hash must be the SHA-256 of the key in hex (printf %s KEY | sha256sum), 64 digits, but is something else.");
            }
        }

        foreach (var same in keys.GroupBy(key => Convert.ToHexString(key.Hash)).Where(same => same.Count() > 1))
        {
            reader.Add($"{string.Join(" and ", same.Select(key => $"Access:Keys:{key.Name}"))} are one key: nobody could tell who asks, nor by which Role. Give each a key of its own, or leave one.");
        }

        return new(keys, reader.Flag("Access:OpenLocally", fallback: false));
    }

    /// <summary>A service that others reach needs keys.</summary>
    public IEnumerable<string> Problems(IEnumerable<Uri> urls) => !ReadsAreOpen ? [] : urls.Where(url => !url.IsLoopback).Select(url =>
        $"Urls must be loopback addresses while {(Any ? "Access:OpenLocally is true" : "there is no key in Access:Keys")}, but has '{ShownUrl.Of(url)}'.");

    /// <summary>The key that this is; null for none. Takes the same time whichever it is.</summary>
    public AccessKey? Find(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        AccessKey? found = null;
        foreach (var known in keys)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, known.Hash) ? known : found;
        }

        return found;
    }

    static bool TryReadHash(string? text, out byte[] hash)
    {
        hash = [];
        var hex = text?.Trim() ?? "";
        hex = hex.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? hex[Prefix.Length..] : hex;
        if (hex.Length != 2 * SHA256.HashSizeInBytes || !hex.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        hash = Convert.FromHexString(hex);
        return true;
    }
}
