using System.Formats.Cbor;
using System.Text;

namespace TrustMesh.Tests.Wire;

/// <summary>
/// Diagnostic notation (RFC 8949 8) of CBOR, indented, for golden files. It reads with the framework's reader, so that a golden file
/// also says what somebody else's parser makes of our bytes.
/// </summary>
public static class Diagnostic
{
    public static string Print(ReadOnlyMemory<byte> bytes)
    {
        var reader = new CborReader(bytes, CborConformanceMode.Strict);
        var text = new StringBuilder();
        Print(reader, text, 0);
        Assert.Equal(0, reader.BytesRemaining);
        return text.Append('\n').ToString();
    }

    private static void Print(CborReader reader, StringBuilder text, int depth)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.UnsignedInteger: text.Append(reader.ReadUInt64()); break;
            case CborReaderState.NegativeInteger: text.Append(reader.ReadInt64()); break;
            case CborReaderState.ByteString: text.Append("h'").Append(Convert.ToHexStringLower(reader.ReadByteString())).Append('\''); break;
            case CborReaderState.TextString: text.Append('"').Append(reader.ReadTextString()).Append('"'); break;
            case CborReaderState.Boolean: text.Append(reader.ReadBoolean() ? "true" : "false"); break;
            case CborReaderState.Tag:
                text.Append((ulong)reader.ReadTag()).Append('(');
                Print(reader, text, depth);
                text.Append(')');
                break;
            case CborReaderState.StartArray:
                Container(text, depth, '[', ']', reader.ReadStartArray()!.Value, () => Print(reader, text, depth + 1));
                reader.ReadEndArray();
                break;
            case CborReaderState.StartMap:
                Container(text, depth, '{', '}', reader.ReadStartMap()!.Value, () =>
                {
                    Print(reader, text, depth + 1);
                    text.Append(": ");
                    Print(reader, text, depth + 1);
                });
                reader.ReadEndMap();
                break;
            default:
                reader.ReadNull();
                text.Append("null");
                break;
        }
    }

    private static void Container(StringBuilder text, int depth, char open, char close, int count, Action item)
    {
        text.Append(open);
        for (var i = 0; i < count; i++)
        {
            text.Append(i == 0 ? "\n" : ",\n").Append(' ', 2 * depth + 2);
            item();
        }
        if (count > 0) text.Append('\n').Append(' ', 2 * depth);
        text.Append(close);
    }
}
