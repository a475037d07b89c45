using System.Text;

namespace StreamSettle.Delivery.Budgets.Fields;

/// <summary>
/// Reads one line of a structured field (RFC 9651): a list of items with parameters, or a dictionary of such. White space may stand anywhere, names may be of
/// any case. A member that cannot be read is left out and said so: what it would have told is not known, and must not be taken as not said.
/// </summary>
internal ref struct FieldReader
{
    /// <summary>Most characters read of a line, so that a hostile one costs nothing.</summary>
    internal const int MaxLength = 2_048;

    readonly ReadOnlySpan<char> text;
    int at;

    FieldReader(ReadOnlySpan<char> text) => this.text = text;

    /// <param name="isWhole">Every member could be read.</param>
    internal static List<FieldMember> Read(string line, out bool isWhole)
    {
        var members = new List<FieldMember>();
        isWhole = line.Length <= MaxLength;
        if (!isWhole)
        {
            return members;
        }

        var reader = new FieldReader(line);
        while (reader.SkipSpace())
        {
            if (reader.text[reader.at] == ',')
            {
                reader.at++;
            }
            else if (reader.ReadMember() is { } member && reader.IsAtEndOfMember())
            {
                members.Add(member);
            }
            else
            {
                isWhole = false;
                reader.SkipMember();
            }
        }

        return members;
    }

    FieldMember? ReadMember()
    {
        if (ReadValue() is not { } value)
        {
            return null;
        }

        string? name = null;
        if (Take('='))
        {
            if (value.IsQuoted || value.Number is not null || ReadValue() is not { } named)
            {
                return null;
            }

            (name, value) = (value.Text.ToLowerInvariant(), named);
        }

        var parameters = new List<KeyValuePair<string, FieldValue>>();
        while (Take(';'))
        {
            if (ReadParameter() is not { } parameter)
            {
                return null;
            }

            parameters.Add(parameter);
        }

        return new(name, value, parameters);
    }

    KeyValuePair<string, FieldValue>? ReadParameter()
    {
        if (ReadValue() is not { IsQuoted: false, Number: null } key)
        {
            return null;
        }

        var value = FieldValue.Present;
        if (Take('='))
        {
            if (ReadValue() is not { } given)
            {
                return null;
            }

            value = given;
        }

        return new(key.Text.ToLowerInvariant(), value);
    }

    FieldValue? ReadValue()
    {
        if (!SkipSpace())
        {
            return null;
        }

        var first = text[at];
        if (first == '%' && at + 1 < text.Length && text[at + 1] == '"')
        {
            at++;
            first = '"';
        }

        return first == '"' ? ReadQuoted() : first == ':' ? ReadBytes() : ReadBare();
    }

    FieldValue? ReadQuoted()
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                return FieldValue.Quoted(value.ToString());
            }

            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at]);
        }

        return null;
    }

    FieldValue? ReadBytes()
    {
        var length = text[(at + 1)..].IndexOf(':');
        if (length < 0)
        {
            return null;
        }

        var value = text.Slice(at, length + 2).ToString();
        at += value.Length;
        return new(null, value);
    }

    // Numbers, tokens, booleans (?1) and dates (@1) alike: what ends them ends nothing else.
    FieldValue? ReadBare()
    {
        var start = at;
        while (at < text.Length && text[at] > ' ' && !",;=\"".Contains(text[at]))
        {
            at++;
        }

        return at == start ? null : FieldValue.Bare(text[start..at].ToString());
    }

    bool Take(char c)
    {
        var before = at;
        if (SkipSpace() && text[at] == c)
        {
            at++;
            return true;
        }

        at = before;
        return false;
    }

    bool IsAtEndOfMember() => !SkipSpace() || text[at] == ',';

    void SkipMember()
    {
        for (var quoted = false; at < text.Length && (quoted || text[at] != ','); at++)
        {
            quoted ^= text[at] == '"';
        }
    }

    /// <returns>Whether there is more.</returns>
    bool SkipSpace()
    {
        while (at < text.Length && (text[at] == ' ' || text[at] == '\t'))
        {
            at++;
        }

        return at < text.Length;
    }
}
