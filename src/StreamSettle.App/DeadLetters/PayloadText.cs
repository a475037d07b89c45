using System.Text;
using StreamSettle.Kernel.DeadLetters;

namespace StreamSettle.App.DeadLetters;

/// <summary>A dead letter's bytes for people.</summary>
static class PayloadText
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>UTF-8 text as it is, other bytes as base64.</summary>
    public static string Of(DeadLetter letter)
    {
        try
        {
            var text = Strict.GetString(letter.Payload);
            return text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c)) ? Convert.ToBase64String(letter.Payload) : text;
        }
        catch (DecoderFallbackException)
        {
            return Convert.ToBase64String(letter.Payload);
        }
    }
}
