using System.CommandLine;

namespace StreamSettle.App.Commands;

/// <summary>Options that take one of a few names. By itself an enumeration takes numbers too, also those that name nothing.</summary>
static class NamedValue
{
    public static Option<T> ByName<T>(this Option<T> option)
        where T : struct, Enum
    {
        option.CustomParser = result =>
        {
            var (text, names) = (result.Tokens[0].Value, Enum.GetNames<T>());
            if (names.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                return Enum.Parse<T>(known);
            }

            result.AddError($"{option.Name} must be one of {string.Join(", ", names.Select(name => name.ToLowerInvariant()))}, but is '{text}'.");
            return default;
        };
        return option;
    }
}
