using System.Text;
using TrustMesh.Wire;

namespace TrustMesh.Verifier;

/// <summary>Names of TPM makers (TCG TPM Vendor ID Registry).</summary>
internal static class TpmVendors
{
    private static readonly Dictionary<string, string> Known = new()
    {
        ["AMD"] = "AMD", ["ANT"] = "Ant Group", ["ATML"] = "Atmel", ["BRCM"] = "Broadcom", ["CSCO"] = "Cisco", ["FLYS"] = "Flyslice", ["GOOG"] = "Google", ["HISI"] = "Huawei",
        ["HPE"] = "HPE", ["HPI"] = "HP", ["IBM"] = "IBM", ["IFX"] = "Infineon", ["INTC"] = "Intel", ["LEN"] = "Lenovo", ["MSFT"] = "Microsoft", ["NSG"] = "NSING", ["NSM"] = "National Semiconductor",
        ["NTC"] = "Nuvoton", ["NTZ"] = "Nationz", ["QCOM"] = "Qualcomm", ["ROCC"] = "Rockchip", ["SEAL"] = "WISeKey", ["SECE"] = "SecEdge", ["SMSC"] = "SMSC", ["SMSN"] = "Samsung", ["SNS"] = "Sinosun",
        ["STM"] = "STMicroelectronics", ["TXN"] = "Texas Instruments", ["WEC"] = "Winbond", ["\0\0\u0010\u0014"] = "IBM (software TPM)",
    };

    /// <param name="manufacturer">tpmManufacturer of a certificate: <c>id:</c> and eight hex digits.</param>
    public static string Name(string manufacturer)
    {
        if (!manufacturer.StartsWith("id:", StringComparison.Ordinal) || manufacturer.Length != 11 || !manufacturer.AsSpan(3).ContainsAnyExcept('0')
            || !manufacturer.AsSpan(3).ToArray().All(char.IsAsciiHexDigit)) return Grammar.Fit(manufacturer);
        var code = Encoding.Latin1.GetString(Convert.FromHexString(manufacturer.AsSpan(3))).TrimEnd('\0', ' ');
        return Known.GetValueOrDefault(code) ?? Grammar.Fit(manufacturer);
    }
}
