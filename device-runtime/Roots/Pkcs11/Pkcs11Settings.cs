using System.Text;

namespace TrustMesh.Roots.Pkcs11;

/// <summary>Which token, and which key in it.</summary>
/// <param name="Module">Absolute path of the module, a shared library of the token's maker.</param>
/// <param name="Token">Label or serial number; empty: the only one that is there.</param>
/// <param name="PinFile">Absolute path of a file with mode 0600; null: see <see cref="PinSource"/>.</param>
/// <param name="KeyLabel">CKA_LABEL of the identity key, which is made at the first start.</param>
public sealed record Pkcs11Settings(string Module, string Token, string? PinFile, string KeyLabel)
{
    public const string UsualLabel = "trustmesh";

    /// <summary>Most bytes of a label.</summary>
    internal const int LabelSize = 64;

    /// <summary>Throws <see cref="RootException"/> for settings no token could honour.</summary>
    public void Check()
    {
        if (!Path.IsPathFullyQualified(Module)) throw new RootException($"The PKCS#11 module '{Module}' is not an absolute path. Write one, such as /usr/lib/softhsm/libsofthsm2.so.");
        if (PinFile is not null && !Path.IsPathFullyQualified(PinFile)) throw new RootException($"The PIN file '{PinFile}' is not an absolute path. Write one, such as /etc/trustmesh/pin.");
        if (KeyLabel.Length == 0 || Encoding.UTF8.GetByteCount(KeyLabel) > LabelSize || Wire.Grammar.HasControl(KeyLabel))
            throw new RootException($"The key label must have 1 to {LabelSize} bytes and no control characters; {UsualLabel} is the usual one.");
    }
}
