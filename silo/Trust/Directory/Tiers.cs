using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Directory;

/// <summary>The API's words for assurance tiers and roots.</summary>
public static class Tiers
{
    public static string Text(AssuranceTier tier) => tier switch
    {
        AssuranceTier.TpmQuote => "tpm-quote", AssuranceTier.HardwareKey => "hardware-key", AssuranceTier.Guardian => "guardian", _ => "software",
    };

    public static string Text(RootKind root) => root switch
    {
        RootKind.Tpm => "tpm", RootKind.Pkcs11 => "pkcs11", RootKind.Zymbit => "zymbit", _ => "software",
    };

    /// <summary>The tier with that word, or null.</summary>
    public static AssuranceTier? Parse(string text) => Enum.GetValues<AssuranceTier>().Cast<AssuranceTier?>().FirstOrDefault(tier => Text(tier!.Value) == text);
}
