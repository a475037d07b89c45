using System.Buffers;
using System.Globalization;
using System.Text;

namespace StreamSettle.Delivery.Options;

/// <summary>Configured headers. A name that ends in <c>File</c>, in any case, stands for a path.</summary>
internal static class RequestHeaders
{
    internal const string Authorization = "Authorization";

    const string FileSuffix = "File";

    /// <summary>A token of RFC 9110, section 5.6.2.</summary>
    static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>What the call itself or the connection decides; of <c>Accept-Encoding</c> what we can read.</summary>
    static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Idempotency-Key", "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Accept-Encoding",
    };

    internal static bool IsFile(string name) => name.Length > FileSuffix.Length && name.EndsWith(FileSuffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The header that a configured name is for.</summary>
    internal static string NameOf(string name) => IsFile(name) ? name[..^FileSuffix.Length] : name;

    /// <summary>Basic authentication (RFC 7617) by what stands before the host in a URL; null where nothing does.</summary>
    internal static KeyValuePair<string, string>? OfUserInfo(Uri url)
    {
        if (url.UserInfo.Length == 0)
        {
            return null;
        }

        var (user, password) = url.UserInfo.Split(':', 2) is [var first, var second] ? (first, second) : (url.UserInfo, "");
        return new(Authorization, $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.UnescapeDataString(user)}:{Uri.UnescapeDataString(password)}"))}");
    }

    /// <summary>One message for each header that could not be sent, never with a value.</summary>
    internal static IEnumerable<string> Problems(IReadOnlyDictionary<string, string> headers, string section)
    {
        foreach (var (name, value) in headers)
        {
            var problem = NameProblem(NameOf(name)) ?? (!IsFile(name) ? ValueProblem(value) is { } wrong ? $"holds a value that cannot be sent: {wrong}" : null
                // Without the value: it may be the secret itself, of a header whose name happens to end so.
                : File.Exists(value) ? null : "must name a file that exists (a name that ends in File, in any case, stands for a path), but there is none");
            if (problem is not null)
            {
                yield return $"{section}:{name} {problem}.";
            }
        }

        foreach (var same in headers.Keys.GroupBy(NameOf, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
        {
            yield return $"{section}:{string.Join($" and {section}:", same)} are the same header: keep one.";
        }
    }

    /// <returns>Null where it can be sent.</returns>
    internal static string? ValueProblem(string value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return "it is empty";
        }

        var place = value.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        return place < 0 ? null : string.Create(CultureInfo.InvariantCulture, $"the character at place {place + 1} is not printable ASCII");
    }

    static string? NameProblem(string name)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(Token))
        {
            return "is no name of a header: letters, digits and - are";
        }

        using var request = new HttpRequestMessage();
        return Reserved.Contains(name) || !request.Headers.TryAddWithoutValidation(name, "1") ? "cannot be set: the service or its connection sets that header itself" : null;
    }
}
