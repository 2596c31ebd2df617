using System.Text;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// What a PKCS#11 token says of itself and of the identity key in it (PROTOCOL.md section 7). All of it is the token's own word, carried by the
/// device; a device that lies here lies to the operator who approves it, and its words stay in the record:
/// <list type="number">
/// <item><c>token.facts</c> it says something, in texts no longer than the fields of CK_TOKEN_INFO</item>
/// <item><c>token.attributes</c> the key was generated in the token, was always sensitive and never extractable, and is not now (attack A10)</item>
/// </list>
/// </summary>
internal static class TokenCheck
{
    private const TokenKeyAttributes Needed = TokenKeyAttributes.Local | TokenKeyAttributes.AlwaysSensitive | TokenKeyAttributes.NeverExtractable;

    private static readonly Check Facts = new("token.facts", "PKCS#11 token", "manufacturer (32 bytes), model (16), serial number (16), firmware (16)", "PKCS#11 3.0, 3.2");
    private static readonly Check Attributes = new("token.attributes", "identity key", "Local, AlwaysSensitive, NeverExtractable; not Extractable", "PKCS#11 3.0, 4.9");

    /// <summary>What is known, for people; the firmware is left out, because it may change. Findings either way.</summary>
    public static string Run(TokenFacts? facts, FindingList findings)
    {
        if (facts is null)
        {
            findings.Add(Facts.Failed("nothing"));
            return "";
        }
        var tooLong = Longer(facts.Manufacturer, 32) ?? Longer(facts.Model, 16) ?? Longer(facts.SerialNumber, 16) ?? Longer(facts.Firmware, 16);
        findings.Require(Facts, tooLong is null, tooLong ?? "");
        var good = (facts.Attributes & Needed) == Needed && !facts.Attributes.HasFlag(TokenKeyAttributes.Extractable);
        findings.Require(Attributes, good, $"{facts.Attributes}");
        return $"{facts.Manufacturer} {facts.Model}, serial {(facts.SerialNumber.Length == 0 ? "none" : facts.SerialNumber)}: generated in the token, never extractable, always sensitive by the token's own word";
    }

    private static string? Longer(string text, int most) => Encoding.UTF8.GetByteCount(text) > most ? text : null;
}
