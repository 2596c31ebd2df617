using System.Globalization;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>Where a value of Redis' protocol ends (RESP2 and RESP3): a command, or an answer.</summary>
internal static class RespValue
{
    /// <summary>Bytes of the first value; 0 if it is not whole yet.</summary>
    public static int Length(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        return Pass(bytes, ref at) ? at : 0;
    }

    private static bool Pass(ReadOnlySpan<byte> bytes, ref int at)
    {
        var line = bytes[at..].IndexOf("\r\n"u8);
        if (line < 0) return false;
        var kind = (char)bytes[at];
        var head = bytes.Slice(at + 1, line - 1);
        at += line + 2;
        switch (kind)
        {
            case '+' or '-' or ':' or '_' or ',' or '#' or '(':
                return true;
            case '$' or '=' or '!':
                var length = int.Parse(head, CultureInfo.InvariantCulture);
                if (length >= 0) at += length + 2;
                return at <= bytes.Length;
            case '*' or '~' or '>' or '%':
                for (var left = int.Parse(head, CultureInfo.InvariantCulture) * (kind == '%' ? 2 : 1); left > 0; left--)
                    if (at >= bytes.Length || !Pass(bytes, ref at)) return false;
                return true;
            default:
                throw new InvalidDataException($"'{kind}' begins no value.");
        }
    }
}
