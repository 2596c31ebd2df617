using System.Text.RegularExpressions;
using TrustMesh.Roots;
using TrustMesh.Roots.Pkcs11;

namespace TrustMesh.Agent.Configuration;

/// <summary>Reads <c>root</c> of the configuration: which root of trust, and where it is. What belongs to another kind is refused, not ignored.</summary>
internal static partial class RootReader
{
    private static readonly string[] TpmKeys = ["tpm", "endorsementKey", "measurementPcr"];
    private static readonly string[] TokenKeys = ["module", "token", "pinFile", "keyLabel"];
    private static readonly string[] Keys = ["kind", .. TpmKeys, .. TokenKeys];
    private static readonly string[] EndorsementKeys = ["auto", "ecc-p256", "ecc-p384", "rsa-2048"];

    public static RootSettings Read(ConfigObject top, string state, string folder, List<string> problems)
    {
        if (top.Child("root") is not { } child)
        {
            top.Wrong("root", "is missing; for a TPM: {\"kind\": \"tpm\", \"tpm\": \"device:/dev/tpmrm0\"}");
            return new("", "", "", 0, state);
        }
        var root = new ConfigObject(child, "root", Keys, problems);
        var kind = root.Text("kind");
        if (kind is not ("tpm" or "pkcs11" or "software" or "")) root.Wrong("kind", "must be \"tpm\", \"pkcs11\", or \"software\" to try things out");
        if (kind is "pkcs11" or "software") Refuse(root, kind, TpmKeys, "tpm");
        if (kind is "tpm" or "software") Refuse(root, kind, TokenKeys, "pkcs11");
        var tpm = root.Text("tpm", "device:/dev/tpmrm0");
        if (TpmAddress().Match(tpm) is not { Success: true } address) root.Wrong("tpm", "must be device:/dev/tpmrm0, unix:/path/to/swtpm.sock or tcp:HOST:PORT");
        else if (address.Groups["path"] is { Success: true } path) tpm = $"{address.Groups["kind"].Value}:{Path.GetFullPath(path.Value, folder)}";
        var endorsement = root.Text("endorsementKey", "auto");
        if (!EndorsementKeys.Contains(endorsement)) root.Wrong("endorsementKey", $"must be one of {string.Join(", ", EndorsementKeys)}");
        return new(kind, tpm, endorsement, root.Number("measurementPcr", 13, 0, 15), state, kind == "pkcs11" ? Token(root, folder) : null);
    }

    private static Pkcs11Settings Token(ConfigObject root, string folder)
    {
        var settings = new Pkcs11Settings(
            root.FullPath("module", folder), root.Text("token", ""), root.Child("pinFile") is null ? null : root.FullPath("pinFile", folder), root.Text("keyLabel", Pkcs11Settings.UsualLabel));
        if (settings.Module.Length == 0) return settings;
        try
        {
            settings.Check();
        }
        catch (RootException wrong)
        {
            root.Wrong("keyLabel", $"can not be used: {wrong.Message.TrimEnd('.')}");
        }
        return settings;
    }

    private static void Refuse(ConfigObject root, string kind, string[] keys, string other)
    {
        foreach (var key in keys.Where(key => root.Child(key) is not null)) root.Wrong(key, $"has no meaning with a {kind} root; remove it or choose kind \"{other}\"");
    }

    [GeneratedRegex(@"\A((?<kind>device|unix):(?<path>[^\0]+)|tcp:[^\s:]+:[0-9]{1,5})\z", RegexOptions.CultureInvariant)]
    private static partial Regex TpmAddress();
}
