using TrustMesh.Roots.Pkcs11;
using TrustMesh.Roots.Software;
using TrustMesh.Roots.Tpm;

namespace TrustMesh.Roots;

/// <summary>Opens the root of trust the settings name. There is no fallback: a device whose TPM is missing has no identity, not a weaker one.</summary>
public static class RootOfTrust
{
    /// <exception cref="RootException">Unknown kind, bad settings, or a root that does not answer.</exception>
    public static IRoot Open(RootSettings settings, TimeProvider time)
    {
        settings.Check();
        return settings.Kind switch
        {
            RootSettings.TpmKind => TpmRoot.Open(settings, time),
            RootSettings.Pkcs11Kind => Pkcs11Root.Open(settings),
            RootSettings.SoftwareKind => SoftwareRoot.Open(settings),
            _ => throw new RootException($"There is no root of trust of kind '{settings.Kind}'. Write tpm, pkcs11, or software to try TrustMesh out without one."),
        };
    }
}
