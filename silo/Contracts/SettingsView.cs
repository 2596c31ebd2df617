namespace TrustMesh.Contracts;

/// <summary>How a silo runs, as far as an admin has to know it: no secrets, and no paths.</summary>
/// <param name="Silo">Which silo says so: a certificate is each silo's own.</param>
/// <param name="Dated">Certificates and signed statements, and until when they count.</param>
/// <param name="Kept">What is kept how long.</param>
/// <param name="Backup">What to copy away, and how.</param>
public sealed record SettingsView(string Silo, IReadOnlyList<DatedView> Dated, IReadOnlyList<KeptView> Kept, BackupView Backup);
