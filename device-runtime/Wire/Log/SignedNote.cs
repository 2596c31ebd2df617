using System.Text;
using System.Text.Unicode;

namespace TrustMesh.Wire.Log;

/// <summary>
/// A text and its signatures (C2SP signed-note): <c>text</c>, an empty line, then lines <c>— NAME BASE64(key id ‖ signature)</c>. Signed are the bytes of
/// the text with its last newline. Which signatures count is for who knows the keys to say; here they are only taken apart.
/// </summary>
/// <param name="Text">Ends with a newline; the only control character in it is the newline.</param>
/// <param name="Signatures">1 to 32.</param>
public sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    private const int MostSignatures = 32;
    private const string Dash = "— ";

    /// <summary>What the signatures are over.</summary>
    public byte[] Signed => Encoding.UTF8.GetBytes(Text);

    public byte[] Encode()
    {
        if (!Text.EndsWith('\n') || !IsPlain(Text)) throw new ArgumentException("A note's text ends with a newline and has no other control character.");
        if (Signatures.Count is 0 or > MostSignatures) throw new ArgumentException($"{Signatures.Count} signatures, 1 to {MostSignatures} allowed.");
        var note = new StringBuilder(Text).Append('\n');
        foreach (var one in Signatures)
        {
            if (!NoteSignature.IsKeyName(one.Name) || one.KeyId.Length != NoteSignature.KeyIdSize || one.Value.IsEmpty) throw new ArgumentException($"The signature of {one.Name} cannot be written.");
            note.Append(Dash).Append(one.Name).Append(' ').Append(Convert.ToBase64String([.. one.KeyId.Span, .. one.Value.Span])).Append('\n');
        }
        var bytes = Encoding.UTF8.GetBytes(note.ToString());
        return bytes.Length <= Caps.Note ? bytes : throw new ArgumentException($"{bytes.Length} bytes, at most {Caps.Note}.");
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static SignedNote Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Caps.Note) throw new WireException("note", 0, $"{bytes.Length} bytes, at most {Caps.Note}");
        if (!Utf8.IsValid(bytes.Span)) throw new WireException("note", 0, "not UTF-8");
        var note = Encoding.UTF8.GetString(bytes.Span);
        if (!IsPlain(note)) throw new WireException("note", 0, "control character");
        var blank = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (blank < 0 || !note.EndsWith('\n') || blank + 2 == note.Length) throw new WireException("note", 0, "no signature after an empty line, or no newline at the end");
        var lines = note[(blank + 2)..^1].Split('\n');
        if (lines.Length > MostSignatures) throw new WireException("signatures", 0, $"{lines.Length}, at most {MostSignatures}");
        return new(note[..(blank + 1)], [.. lines.Select(Read)]);
    }

    private static NoteSignature Read(string line)
    {
        if (!line.StartsWith(Dash, StringComparison.Ordinal) || line[Dash.Length..].Split(' ') is not [var name, var text] || !NoteSignature.IsKeyName(name))
            throw new WireException("signature", 0, "not \"— name base64\"");
        var blob = new byte[text.Length];
        // What base64 skips or leaves open is not accepted: one encoding.
        if (!Convert.TryFromBase64String(text, blob, out var length) || length <= NoteSignature.KeyIdSize || Convert.ToBase64String(blob.AsSpan(0, length)) != text)
            throw new WireException("signature", 0, "not a key id and a signature in base64");
        return new(name, blob.AsMemory(0, NoteSignature.KeyIdSize), blob.AsMemory(NoteSignature.KeyIdSize, length - NoteSignature.KeyIdSize));
    }

    private static bool IsPlain(string text) => !Grammar.HasControl(text.Replace('\n', ' '));
}
