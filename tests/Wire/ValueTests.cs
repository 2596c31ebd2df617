using TrustMesh.Wire;

namespace TrustMesh.Tests.Wire;

/// <summary>Well-formed messages with one value the protocol does not allow.</summary>
public sealed class ValueTests
{
    /// <summary>Format, place of the value (child by child; map values have odd numbers), its replacement, and the refusal.</summary>
    [Theory]
    [InlineData("challenge", "5", "04", "bank", "4, at least 11")]
    [InlineData("challenge", "5", "0c", "bank", "12, at most 11")]
    [InlineData("challenge", "7", "80", "pcrs", "0 items, 1 to 24 allowed")]
    [InlineData("challenge", "7", "820707", "pcr", "7, at least 8")]
    [InlineData("challenge", "7", "820700", "pcr", "0, at least 8")]
    [InlineData("challenge", "7", "811818", "pcr", "24, at most 23")]
    [InlineData("challenge", "9", "1b0000000100000000", "boot", "4294967296, at most 4294967295")]
    [InlineData("challenge", "11", "20", "log cursor", "a negative integer, expected an unsigned integer")]
    [InlineData("challenge", "13", "00", "deadline", "0, at least 1")]
    [InlineData("challenge-leaf", "0", "67746d2d63682f32", "label", "not \"tm-ch/1\"")]
    [InlineData("challenge-leaf", "4", "02", "role", "2, at most 1")]
    [InlineData("challenge-leaf", "7", "00", "cbValue", "48 bytes, expected 0")]
    [InlineData("challenge-leaf", "7", "02", "cbType", "2 is not a known value")]
    [InlineData("challenge-leaf", "8", "40", "cbValue", "0 bytes, 1 to 64 allowed")]
    [InlineData("challenge-leaf-unbound", "8", "4100", "cbValue", "1 bytes, expected 0")]
    [InlineData("challenge-request", "1", "67746d2d63682f32", "version", "not \"tm-ch/1\"")]
    [InlineData("enrol-request-tpm", "5", "6450756d70", "name", "only a-z, 0-9, '.' and '-' are allowed, the first a letter or digit")]
    [InlineData("enrol-request-tpm", "7", "60", "site", "0 bytes, 1 to 63 allowed")]
    [InlineData("enrol-request-tpm", "9", "632e2e2f", "model", "only a-z, 0-9, '.' and '-' are allowed, the first a letter or digit")]
    [InlineData("enrol-request-tpm", "11", "04", "root kind", "4 is not a known value")]
    [InlineData("enrol-request-tpm", "11", "00", "attestation key", "88 bytes, expected 0")]
    [InlineData("enrol-request-tpm", "17", "40", "attestation key", "0 bytes, 1 to 1024 allowed")]
    [InlineData("enrol-request-tpm", "15", "89410041004100410041004100410041004100", "certificates", "9 items, 0 to 8 allowed")]
    [InlineData("enrol-request-tpm", "15", "8140", "certificate", "0 bytes, 1 to 8192 allowed")]
    [InlineData("activate-tpm", "3", "5821000000000000000000000000000000000000000000000000000000000000000000", "proof", "33 bytes, expected 32 (HMAC) or 64 (ES256)")]
    [InlineData("activate-tpm", "1", "4100", "enrolment id", "1 bytes, expected 16")]
    [InlineData("enrol-result-active", "1", "04", "standing", "4 is not a known value")]
    [InlineData("receipt", "1", "1863", "standing", "99 is not a known value")]
    [InlineData("log-entry-file", "1", "00", "kind", "0 is not a known value")]
    [InlineData("log-entry-file", "1", "02", "digest", "32 bytes, expected 0")]
    [InlineData("log-entry-absent", "1", "01", "digest", "0 bytes, expected 32")]
    [InlineData("log-entry-file", "2", "60", "name", "0 bytes, 1 to 255 allowed")]
    [InlineData("log-entry-file", "2", "63610a62", "name", "control character")]
    [InlineData("log-entry-file", "2", "6361c285", "name", "control character")]
    [InlineData("log-entry-file", "0", "1a80000000", "seq", "2147483648, at most 2147483647")]
    [InlineData("quote", "2.1.0", "00", "pcr", "0, at least 1")]
    [InlineData("quote", "2.2.0", "1818", "pcr", "24, at most 23")]
    [InlineData("quote", "2.0.1", "40", "pcr value", "0 bytes, expected 32")]
    [InlineData("inclusion-proof", "1", "1b8000000000000000", "size", "9223372036854775808, at most 9223372036854775807")]
    [InlineData("inclusion-proof", "2.0", "4100", "path", "1 bytes, expected 32")]
    [InlineData("evidence-tpm", "1.0", "736170706c69636174696f6e2f6561742b637774", "eat type", "not \"application/eat-ucs+cbor\"")]
    [InlineData("evidence-token", "1.0", "78186170706c69636174696f6e2f6561742d7563732b63626f72", "eat type", "not \"application/eat+cwt\"")]
    [InlineData("evidence-tpm", "1.2", "05", "eat indicator", "5, at most 4")]
    [InlineData("evidence-tpm", "9", "6161", "profile", "not \"tag:trustmesh.example,2026:evidence#1\"")]
    [InlineData("claims-quote", "1", "1b0000003afff44180", "iat", "253402300800, at most 253402300799")]
    [InlineData("claims-quote", "3", "a104420000", "cnf", "unknown key, or a key out of its place")]
    [InlineData("claims-quote", "7", "5821020000000000000000000000000000000000000000000000000000000000000000", "ueid", "type 02, expected 01")]
    [InlineData("claims-quote", "11", "6161", "eat_profile", "not \"tag:trustmesh.example,2026:evidence#1\"")]
    [InlineData("claims-quote", "15", "60", "swname", "0 bytes, 1 to 255 allowed")]
    [InlineData("claims-quote", "17", "82616101", "swversion", "2 items, expected 1")]
    [InlineData("claims-token", "21.0", "20", "log count", "a negative integer, expected an unsigned integer")]
    [InlineData("membership-p256", "3", "6161", "sub", "names another device than ueid")]
    [InlineData("membership-p256", "9.1.1", "01", "kty", "1, at least 2")]
    [InlineData("membership-p256", "9.1.1", "04", "kty", "4, at most 3")]
    [InlineData("membership-p256", "9.1.3", "03", "crv", "3, at most 2")]
    [InlineData("membership-p256", "9.1.3", "02", "x", "32 bytes, expected 48")]
    [InlineData("membership-p256", "9.1.5", "58200000000000000000000000000000000000000000000000000000000000000001", "COSE_Key", "not a public key: the point is not on the curve, or the modulus is out of range")]
    [InlineData("membership-rsa", "9.1.5", "4400010001", "e", "leading zero byte")]
    [InlineData("membership-rsa", "9.1.3", "4400010001", "n", "4 bytes, 256 to 512 allowed")]
    [InlineData("membership-p256", "21", "04", "tier", "4 is not a known value")]
    [InlineData("policy", "9", "20", "serial", "a negative integer, expected an unsigned integer")]
    [InlineData("policy", "11.5", "10", "measurement pcr", "16, at most 15")]
    [InlineData("policy", "11.7", "00", "lifetime", "0, at least 1")]
    [InlineData("policy", "11.9", "00", "interval", "0, at least 1")]
    [InlineData("policy", "11.11", "820201", "tier", "tiers repeat or are not in order")]
    [InlineData("policy", "11.11", "80", "tiers", "0 items, 1 to 4 allowed")]
    [InlineData("policy", "11.13", "f6", "channel binding required", "null, expected a boolean")]
    [InlineData("policy", "11.17", "820101", "denied firmware", "versions repeat or are not in order")]
    [InlineData("policy", "11.19", "03", "unknown file", "3 is not a known value")]
    [InlineData("attestation-result", "11.1.1", "01", "status", "1 is not a known value")]
    [InlineData("attestation-result", "11.1.3.0", "08", "category", "8, at most 7")]
    [InlineData("attestation-result", "11.1.3.1", "1880", "claim value", "128, -128 to 127 allowed")]
    [InlineData("attestation-result", "15.13.0.5", "06", "outcome", "6 is not a known value")]
    [InlineData("reference-values", "0.1", "6161", "tag id", "differs from the corim id")]
    [InlineData("cose-sign1", "0.2", "40", "payload", "0 bytes, 1 to 1048576 allowed")]
    public void Is_refused_by_the_name_of_the_field(string format, string place, string replacement, string field, string problem)
    {
        var chosen = WireFormats.All.Single(one => one.Name == format);
        var root = CborNode.Parse(chosen.Sample);
        var target = place.Split('.').Aggregate(root, (node, child) => node.Children[int.Parse(child)]);
        var bytes = root.With(target, _ => Convert.FromHexString(replacement));
        var refused = Assert.Throws<WireException>(() => chosen.Recode(bytes));
        Assert.Equal((field, problem), (refused.Field, refused.Problem));
    }
}
