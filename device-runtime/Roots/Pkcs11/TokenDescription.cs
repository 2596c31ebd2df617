using System.Runtime.InteropServices;
using System.Text;
using TrustMesh.Wire;

namespace TrustMesh.Roots.Pkcs11;

/// <summary>What a slot and its token say of themselves (CK_SLOT_INFO, CK_TOKEN_INFO), made fit to be shown: a token is an outsider too (attack A44).</summary>
/// <param name="Firmware">major.minor.</param>
public sealed record TokenDescription(nuint Slot, string Reader, string Label, string Manufacturer, string Model, string Serial, string Firmware, TokenFlags Flags)
{
    /// <summary>Bytes of CK_SLOT_INFO and CK_TOKEN_INFO on this machine, packed as C packs them on Linux.</summary>
    internal static int SlotSize => 96 + Word + 4 + Padding(4);

    internal static int TokenSize => 96 + 11 * Word + 20 + Padding(20);

    private static int Word => nint.Size;

    /// <summary>As the settings could name it.</summary>
    public override string ToString() => $"\"{Label}\" (serial {(Serial.Length == 0 ? "none" : Serial)}, in {Reader})";

    internal static TokenDescription Read(nuint slot, ReadOnlySpan<byte> slotInfo, ReadOnlySpan<byte> tokenInfo)
    {
        var versions = tokenInfo[(96 + 11 * Word)..];
        return new(
            slot, Text(slotInfo[..64]), Text(tokenInfo[..32]), Text(tokenInfo[32..64]), Text(tokenInfo[64..80]), Text(tokenInfo[80..96]),
            $"{versions[2]}.{versions[3]}", (TokenFlags)(uint)MemoryMarshal.Read<nuint>(tokenInfo[96..]));
    }

    /// <summary>Padded with blanks by the standard, with zeros by some.</summary>
    private static string Text(ReadOnlySpan<byte> padded) => Grammar.Fit(Encoding.UTF8.GetString(padded).Trim(' ', '\0'));

    private static int Padding(int tail) => (Word - tail % Word) % Word;
}
