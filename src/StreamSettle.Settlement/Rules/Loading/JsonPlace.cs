using System.Text.Json;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>A value in a rule file with its JSON path. Each reading says what is wrong, if anything is, and then returns null.</summary>
internal readonly record struct JsonPlace(JsonElement Value, string Path, Action<string, string> Report)
{
    public void Refuse(string reason) => Report(Path, reason);

    /// <summary>A whole number, written without point or exponent.</summary>
    public long? Whole(long min, long max)
    {
        if (Value.ValueKind != JsonValueKind.Number || Value.GetRawText().AsSpan().ContainsAny(".eE"))
        {
            Refuse($"must be a whole number, but is {Shown()}");
            return null;
        }

        if (!Value.TryGetInt64(out var number) || number < min || number > max)
        {
            Refuse($"must be from {min} to {max}, but is {Shown()}");
            return null;
        }

        return number;
    }

    public string? Text()
    {
        if (Value.ValueKind != JsonValueKind.String)
        {
            Refuse($"must be a text, but is {Shown()}");
            return null;
        }

        try
        {
            return Value.GetString();
        }
        catch (InvalidOperationException)
        {
            Refuse("must be a text of Unicode characters, but half of a surrogate pair is missing");
            return null;
        }
    }

    /// <summary>One of the words of an enumeration, as written.</summary>
    public T? Word<T>(params ReadOnlySpan<(string Word, T Meaning)> words)
        where T : struct
    {
        if (Text() is not { } text)
        {
            return null;
        }

        var known = new List<string>();
        foreach (var (word, meaning) in words)
        {
            if (word == text)
            {
                return meaning;
            }

            known.Add(word);
        }

        Refuse($"must be one of {string.Join(", ", known)}, but is '{text}'");
        return null;
    }

    /// <summary>An ISO 4217 code with minor units, as a text.</summary>
    public Currency? Currency()
    {
        if (Text() is not { } code)
        {
            return null;
        }

        return CurrencyOf(code);
    }

    /// <summary>The currency that a key names; the place is the key's.</summary>
    public Currency? CurrencyOf(string code)
    {
        if (Kernel.Money.Currency.TryParse(code, out var currency))
        {
            return currency;
        }

        Refuse($"'{code}' is no ISO 4217 currency with minor units");
        return null;
    }

    /// <summary>The elements of a list.</summary>
    public IEnumerable<JsonPlace> Items()
    {
        if (Value.ValueKind != JsonValueKind.Array)
        {
            Refuse($"must be a list, but is {Shown()}");
            return [];
        }

        var (path, report) = (Path, Report);
        return Value.EnumerateArray().Select((item, i) => new JsonPlace(item, $"{path}[{i}]", report));
    }

    /// <summary>The value as a message shows it: numbers as written, longer things by kind.</summary>
    public string Shown() => Value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        _ => Value.GetRawText(),
    };
}
