using System.Collections;

namespace TrustMesh.Tests.Orleans.Contracts;

/// <summary>Two values with the same content down to the last byte, whatever the collections in them are.</summary>
internal static class Alike
{
    public static void Assert(object? expected, object? got, string path = "")
    {
        if (expected is null || got is null)
        {
            Xunit.Assert.True(expected is null && got is null, $"{path}: {expected ?? "null"} became {got ?? "null"}");
            return;
        }
        switch (expected)
        {
            case ReadOnlyMemory<byte> bytes:
                Xunit.Assert.True(bytes.Span.SequenceEqual(((ReadOnlyMemory<byte>)got).Span), path);
                return;
            case string or Enum or DateTimeOffset or TimeSpan or TrustMesh.Wire.DeviceId:
                Xunit.Assert.True(expected.Equals(got), $"{path}: {expected} became {got}");
                return;
            case IEnumerable many:
                var (one, other) = (many.Cast<object?>().ToList(), ((IEnumerable)got).Cast<object?>().ToList());
                Xunit.Assert.True(one.Count == other.Count, $"{path}: {one.Count} became {other.Count}");
                for (var i = 0; i < one.Count; i++) Assert(one[i], other[i], $"{path}[{i}]");
                return;
        }
        var type = expected.GetType();
        Xunit.Assert.Equal(type, got.GetType());
        if (type.IsPrimitive)
        {
            Xunit.Assert.True(expected.Equals(got), $"{path}: {expected} became {got}");
            return;
        }
        foreach (var field in type.IsGenericType && type.IsValueType ? type.GetFields() : []) Assert(field.GetValue(expected), field.GetValue(got), $"{path}.{field.Name}");
        foreach (var property in type.GetProperties().Where(one => one.GetIndexParameters().Length == 0 && !one.GetMethod!.IsStatic && !one.PropertyType.IsByRefLike))
            Assert(property.GetValue(expected), property.GetValue(got), $"{path}.{property.Name}");
    }
}
