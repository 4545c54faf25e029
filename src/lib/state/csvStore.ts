/** CSV files that were used last, kept in this browser by their content, so that a reload finds them again. */
import type { CsvFile } from '$lib/workers/csvProtocol'

/** Where files are kept between visits. */
export interface CsvShelf {
  /** The file with this content; null where it is not kept here, or where files cannot be read. */
  find(hash: string): Promise<CsvFile | null>
  /** False where this browser keeps no files for the page. */
  keep(file: CsvFile): Promise<boolean>
}

interface KeptFile extends CsvFile {
  readonly usedAt: number
}

const databaseName = 'tandem'
const storeName = 'csvFiles'
/** At most 10 MB each. */
const keptFiles = 5
/** Of what is kept of a file beside its bytes; files of another version are not kept. */
const version = 2
/** A database that another tab holds may never open. */
const patienceMs = 3000

/** Keeps CSV files in the browser. */
export const csvStore: CsvShelf = {
  find: (hash) => attempt(() => find(hash), null),
  keep: (file) =>
    attempt(async () => {
      await keep(file)
      return true
    }, false),
}

async function find(hash: string): Promise<CsvFile | null> {
  const found = await inTransaction(
    'readonly',
    (files) => settled(files.get(hash)) as Promise<KeptFile | undefined>,
  )
  if (found === undefined) return null
  const { usedAt: _, ...file } = found
  return file
}

function keep(file: CsvFile): Promise<void> {
  return inTransaction('readwrite', async (files) => {
    await settled(files.put({ ...file, usedAt: Date.now() } satisfies KeptFile))
    const all = (await settled(files.getAll())) as KeptFile[]
    const old = all.toSorted((a, b) => b.usedAt - a.usedAt).slice(keptFiles)
    await Promise.all(old.map(({ hash }) => settled(files.delete(hash))))
  })
}

/** Settles when what `work` wrote is stored: a full disk undoes it as late as that. */
async function inTransaction<T>(
  mode: IDBTransactionMode,
  work: (files: IDBObjectStore) => Promise<T>,
): Promise<T> {
  const database = await open()
  try {
    const transaction = database.transaction(storeName, mode)
    const [result] = await Promise.all([work(transaction.objectStore(storeName)), committed(transaction)])
    return result
  } finally {
    database.close()
  }
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(databaseName, version)
  request.onupgradeneeded = () => {
    const { result } = request
    if (result.objectStoreNames.contains(storeName)) result.deleteObjectStore(storeName)
    result.createObjectStore(storeName, { keyPath: 'hash' })
  }
  const database = await settled(request)
  // Another tab with a newer Tandem may want to change it.
  database.onversionchange = () => {
    database.close()
  }
  return database
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve()
    }
    transaction.onabort = () => {
      reject(transaction.error ?? new Error('The browser gave no reason.'))
    }
  })
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(request.error ?? new Error('The browser gave no reason.'))
    }
  })
}

/** Browsers that keep no site data throw, fail, or never answer. */
async function attempt<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => {
      resolve(otherwise)
    }, patienceMs)
  })
  try {
    return await Promise.race([work(), late])
  } catch {
    return otherwise
  } finally {
    clearTimeout(timer)
  }
}
