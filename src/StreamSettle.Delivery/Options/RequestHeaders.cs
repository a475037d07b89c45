namespace StreamSettle.Delivery.Options;

/// <summary>The names of configured headers: one that ends in <c>File</c>, in any case, stands for a path.</summary>
internal static class RequestHeaders
{
    const string FileSuffix = "File";

    internal static bool IsFile(string name) => name.Length > FileSuffix.Length && name.EndsWith(FileSuffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The header that a file's value is for.</summary>
    internal static string NameOf(string name) => name[..^FileSuffix.Length];
}
