using System.Text.RegularExpressions;

namespace StreamSettle.Compose.Tests.Files;

/// <summary>
/// Variables in a compose file, as the specification's 12-interpolation.md has them, in the forms that ours uses: <c>${NAME}</c>, <c>${NAME:-default}</c>,
/// <c>${NAME:?message}</c>, and <c>$$</c> for a dollar sign.
/// </summary>
static partial class Interpolation
{
    /// <exception cref="InvalidOperationException">A variable has no value, or is written in a form that we do not use.</exception>
    public static string Replace(string text, IReadOnlyDictionary<string, string> variables) => Dollar().Replace(text, match =>
    {
        if (match.Value == "$$")
        {
            return "$";
        }

        var (name, form, rest) = (match.Groups["name"].Value, match.Groups["form"].Value, match.Groups["rest"].Value);
        if (name.Length == 0)
        {
            throw new InvalidOperationException($"a dollar sign that is neither $$ nor ${{NAME...}}: {text}");
        }

        return variables.TryGetValue(name, out var value) && value.Length > 0 ? value : form == ":-" ? rest : throw new InvalidOperationException($"{name} has no value: {rest}");
    });

    /// <summary>Names, and whether each has a default.</summary>
    public static IEnumerable<(string Name, bool HasDefault)> VariablesOf(string text) =>
        Dollar().Matches(text).Where(match => match.Groups["name"].Success).Select(match => (match.Groups["name"].Value, match.Groups["form"].Value == ":-"));

    [GeneratedRegex(@"\$\$|\$\{(?<name>[A-Z_0-9]+)(?:(?<form>:-|:\?)(?<rest>[^}]*))?\}|\$")]
    private static partial Regex Dollar();
}
